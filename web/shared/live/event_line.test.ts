import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventLine, type LineState, pauseAfter, type Source } from './event_line';

class FakeSource implements Source {
  readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();
  closed = false;
  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(name, listener);
  }
  close(): void {
    this.closed = true;
  }
  tell(name: string, data: unknown): void {
    this.listeners.get(name)?.({ data: JSON.stringify(data) } as MessageEvent<string>);
  }
  fail(): void {
    this.tell('error', null);
  }
}

function started() {
  const sources: FakeSource[] = [];
  const states: LineState[] = [];
  const events: [string, unknown][] = [];
  const ends: string[] = [];
  const line = new EventLine(
    {
      address: '/admin/stream',
      events: ['live'],
      onEvent: (name, data) => events.push([name, data]),
      onState: (state) => states.push(state),
      onEnd: (reason) => ends.push(reason),
      mostSilentSeconds: 5,
    },
    () => {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
  );
  line.start();
  return { line, sources, states, events, ends };
}

describe('EventLine', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells events and that it is live', () => {
    const { sources, states, events, line } = started();
    sources[0]?.tell('live', { tokens: 3 });
    expect(events).toEqual([['live', { tokens: 3 }]]);
    expect(states).toEqual(['connecting', 'live']);
    line.stop();
    expect(sources[0]?.closed).toBe(true);
  });

  it('opens again by itself after a failure, and forgets the failed one', () => {
    const { sources, states, line } = started();
    sources[0]?.fail();
    sources[0]?.fail();
    expect(states.at(-1)).toBe('waiting');
    vi.advanceTimersByTime(1_000);
    expect(sources).toHaveLength(2);
    sources[1]?.tell('live', {});
    expect(states.at(-1)).toBe('live');
    line.stop();
  });

  it('takes a silent connection for dead, as after a sleep', () => {
    const { sources, line } = started();
    sources[0]?.tell('live', {});
    vi.advanceTimersByTime(5_000);
    expect(sources).toHaveLength(1);
    vi.advanceTimersByTime(2_000);
    expect(sources).toHaveLength(2);
    expect(sources[0]?.closed).toBe(true);
    line.stop();
  });

  it('does not wait any longer when it is woken', () => {
    const { sources, line } = started();
    for (let failure = 0; failure < 6; failure += 1) {
      sources.at(-1)?.fail();
      vi.advanceTimersByTime(30_000);
    }
    sources.at(-1)?.fail();
    const before = sources.length;
    line.wake();
    expect(sources).toHaveLength(before + 1);
    line.stop();
  });

  it('says why the service ended it and tries again', () => {
    const { sources, ends, line } = started();
    sources[0]?.tell('end', { reason: 'server_restart' });
    expect(ends).toEqual(['server_restart']);
    vi.advanceTimersByTime(1_000);
    expect(sources).toHaveLength(2);
    line.stop();
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(2);
  });
});

describe('pauseAfter', () => {
  it('doubles up to half a minute', () => {
    expect([1, 2, 3, 9].map((failures) => pauseAfter(failures, 1))).toEqual([1_000, 2_000, 4_000, 30_000]);
    expect(pauseAfter(1, 0)).toBe(500);
  });
});
