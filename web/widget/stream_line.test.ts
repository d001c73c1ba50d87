import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Balance } from './balance';
import { type Status, StreamLine } from './stream_line';

const BALANCE = {
  user_id: 'ana',
  tokens_remaining: 5,
  left: 5,
  refused_tokens: 0,
  usage_percent: 1,
  state: 'normal',
  alert: null,
  renews_on: '2026-12-01',
  renews: true,
};

interface Call {
  url: string;
  headers: Record<string, string>;
  signal: AbortSignal;
  send: (text: string) => void;
  close: () => void;
}

/** A line whose server is the test: each call waits in `calls`. */
function line(answers: (() => Response | Promise<Response>)[] = []) {
  const calls: Call[] = [];
  const statuses: Status[] = [];
  const balances: Balance[] = [];
  const failures: unknown[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const encoder = new TextEncoder();
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) });
    const signal = init.signal as AbortSignal;
    signal.addEventListener('abort', () => controller?.error(new DOMException('', 'AbortError')));
    calls.push({
      url,
      headers: init.headers as Record<string, string>,
      signal,
      send: (text) => controller?.enqueue(encoder.encode(text)),
      close: () => controller?.close(),
    });
    return answers[calls.length - 1]?.() ?? new Response(body, { status: 200 });
  };
  const watcher = {
    onBalance: (balance: Balance) => balances.push(balance),
    onStatus: (status: Status) => statuses.push(status),
    onSign: () => undefined,
    onFailure: (error: unknown) => failures.push(error),
  };
  const made = new StreamLine('https://tokens.example', watcher, fetch as typeof window.fetch);
  return { made, calls, statuses, balances, failures };
}

const told = (change: object = {}) =>
  `event: balance\ndata: ${JSON.stringify({ ...BALANCE, ...change })}\n\n`;
const after = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe('StreamLine', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('sends the token in a header, never in the address', async () => {
    const { made, calls } = line();
    made.start('wt-solaris-x');
    await after(0);
    expect(calls[0]?.url).toBe('https://tokens.example/api/tokens/stream');
    expect(calls[0]?.headers.Authorization).toBe('Bearer wt-solaris-x');
  });

  it('without a token asks nobody', async () => {
    const { made, calls, statuses } = line();
    made.start(null);
    await after(1000);
    expect([calls.length, statuses]).toEqual([0, ['signed-out']]);
  });

  it('comes back after a broken connection, later each time, and at once after it worked', async () => {
    const { made, calls, balances, statuses } = line();
    made.start('t');
    await after(0);
    calls[0]?.send(told());
    await after(0);
    expect(balances).toEqual([BALANCE]);
    calls[0]?.close();
    await after(1_990);
    expect(calls.length).toBe(1);
    await after(20);
    calls[1]?.close();
    await after(3_990);
    expect(calls.length).toBe(2);
    await after(20);
    expect(calls.length).toBe(3);
    calls[2]?.send(told({ tokens_remaining: 4 }));
    await after(0);
    calls[2]?.close();
    await after(2_010);
    expect(calls.length).toBe(4);
    expect(statuses.at(-1)).toBe('offline');
  });

  it('gives up a connection that has been silent for 40 seconds', async () => {
    const { made, calls, failures } = line();
    made.start('t');
    await after(0);
    calls[0]?.send(told());
    await after(30_000);
    calls[0]?.send(': .\n\n');
    await after(39_000);
    expect(calls.length).toBe(1);
    await after(4_000);
    expect(calls.length).toBe(2);
    expect(failures).toEqual([]);
  });

  it('tries at once when the page wakes', async () => {
    const { made, calls } = line([() => Promise.reject(new TypeError('Failed to fetch'))]);
    made.start('t');
    await after(0);
    made.wake();
    await after(0);
    expect(calls.length).toBe(2);
    calls[1]?.send(told());
    await after(25_000);
    // Silent for longer than a heart-beat: after a sleep such a connection is often dead.
    made.wake();
    await after(2_010);
    expect(calls.length).toBe(3);
  });

  it('leaves a connection alone that has only just been asked for when its page is shown', async () => {
    const { made, calls } = line();
    made.start('t');
    made.wake();
    await after(5_000);
    expect([calls.length, calls[0]?.signal.aborted]).toEqual([1, false]);
  });

  it('tells of a server that can not be reached', async () => {
    const { made, failures, statuses } = line([() => Promise.reject(new TypeError('Failed to fetch'))]);
    made.start('t');
    await after(0);
    expect(String(failures[0])).toContain('Failed to fetch');
    expect(statuses).toEqual(['connecting', 'offline']);
  });

  it('stops where the token counts no more', async () => {
    const { made, calls, statuses } = line([() => new Response(null, { status: 401 })]);
    made.start('t');
    await after(600_000);
    expect([calls.length, statuses.at(-1)]).toEqual([1, 'signed-out']);
  });

  it('stops where the server ends the stream for that reason', async () => {
    const { made, calls, statuses } = line();
    made.start('t');
    await after(0);
    calls[0]?.send('event: end\ndata: {"reason":"not_authenticated","message":"…"}\n\n');
    calls[0]?.close();
    await after(600_000);
    expect([calls.length, statuses.at(-1)]).toEqual([1, 'signed-out']);
  });

  it('asks a suspended user seldom', async () => {
    const { made, calls, statuses } = line([() => new Response(null, { status: 403 })]);
    made.start('t');
    await after(299_000);
    expect([calls.length, statuses.at(-1)]).toEqual([1, 'suspended']);
    await after(2_000);
    expect(calls.length).toBe(2);
  });

  it('waits as long as the server asks', async () => {
    const { made, calls } = line([
      () => new Response(null, { status: 503, headers: { 'Retry-After': '30' } }),
    ]);
    made.start('t');
    await after(29_000);
    expect(calls.length).toBe(1);
    await after(2_000);
    expect(calls.length).toBe(2);
  });

  it('another token ends the first connection', async () => {
    const { made, calls } = line();
    made.start('a');
    await after(0);
    made.start('b');
    await after(100_000);
    expect(calls[0]?.signal.aborted).toBe(true);
    expect(calls.filter((call) => call.headers.Authorization === 'Bearer a').length).toBe(1);
    made.stop();
  });
});
