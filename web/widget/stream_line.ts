/** One connection to `GET /api/tokens/stream`, kept up: after a failure, a sleep, another network or a restart of the server. */

import { BackOff, retryAfter } from './back_off';
import { type Balance, readBalance } from './balance';
import { readEvents, type ServerEvent } from './event_reader';

/** `signed-out`: there is no token, or it counts no more. */
export type Status = 'connecting' | 'live' | 'offline' | 'signed-out' | 'suspended';

export interface Watcher {
  onBalance: (balance: Balance) => void;
  onStatus: (status: Status) => void;
  /** The server is there. */
  onSign: () => void;
  /** The server could not be asked: it is away, or the page's policy or the server's list of pages is in the way. */
  onFailure: (error: unknown) => void;
}

// The server sends something at least every 15 seconds.
const LONGEST_SILENCE_MILLISECONDS = 40_000;
const STALE_MILLISECONDS = 20_000;
const SUSPENDED_MILLISECONDS = 5 * 60_000;

export class StreamLine {
  private running: AbortController | null = null;
  private attempt: AbortController | null = null;
  private endWait: (() => void) | null = null;
  private heardAt = 0;
  private readonly backOff = new BackOff();

  constructor(
    private readonly proxy: string,
    private readonly watcher: Watcher,
    private readonly fetch: typeof window.fetch,
  ) {}

  start(token: string | null): void {
    this.stop();
    if (token === null) {
      this.watcher.onStatus('signed-out');
      return;
    }
    const running = new AbortController();
    this.running = running;
    this.backOff.reset();
    void this.keepUp(token, running.signal);
  }

  stop(): void {
    this.running?.abort();
    this.running = null;
    this.attempt?.abort();
    this.endWait?.();
  }

  /** The page was woken, or the network is back: try now what was waiting, and doubt what has been silent. */
  wake(): void {
    if (this.endWait) {
      this.backOff.reset();
      this.endWait();
    } else if (Date.now() - this.heardAt > STALE_MILLISECONDS) {
      this.attempt?.abort();
    }
  }

  private async keepUp(token: string, running: AbortSignal): Promise<void> {
    this.watcher.onStatus('connecting');
    while (!running.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      const pause = await this.connect(token).catch((error: unknown) => {
        if (!this.attempt?.signal.aborted) this.watcher.onFailure(error);
        return null;
      });
      if (running.aborted) return;
      if (pause === 'over') {
        this.watcher.onStatus('signed-out');
        return;
      }
      this.watcher.onStatus(pause === 'suspended' ? 'suspended' : 'offline');
      const milliseconds = pause === 'suspended' ? SUSPENDED_MILLISECONDS : (pause ?? this.backOff.next());
      // oxlint-disable-next-line no-await-in-loop -- as above
      await this.wait(milliseconds);
    }
  }

  /** Until the connection ends; answers what is known of the next try. */
  private async connect(token: string): Promise<'over' | 'suspended' | number | null> {
    const attempt = new AbortController();
    this.attempt = attempt;
    // What has only just begun is not stale: a page that is shown wakes its line at once.
    this.heardAt = Date.now();
    let silence = setTimeout(() => attempt.abort(), LONGEST_SILENCE_MILLISECONDS);
    try {
      const { fetch } = this;
      const response = await fetch(`${this.proxy}/api/tokens/stream`, {
        headers: { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' },
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: attempt.signal,
      });
      if (response.status === 401) return 'over';
      if (response.status === 403) return 'suspended';
      if (!response.ok || response.body === null) return retryAfter(response.headers.get('Retry-After'));
      let reason: string | null = null;
      await readEvents(response.body, {
        onEvent: (event) => {
          reason = this.take(event) ?? reason;
        },
        onRetry: (milliseconds) => this.backOff.startFrom(milliseconds),
        onSign: () => {
          this.heardAt = Date.now();
          clearTimeout(silence);
          silence = setTimeout(() => attempt.abort(), LONGEST_SILENCE_MILLISECONDS);
          this.watcher.onSign();
        },
      });
      if (reason === 'not_authenticated') return 'over';
      return reason === 'user_suspended' ? 'suspended' : null;
    } finally {
      clearTimeout(silence);
    }
  }

  /** Answers the reason where the event is the stream's end. */
  private take(event: ServerEvent): string | null {
    if (event.name !== 'balance' && event.name !== 'end') return null;
    const data: unknown = JSON.parse(event.data);
    if (event.name === 'end') return String((data as { reason?: unknown }).reason);
    const balance = readBalance(data);
    if (balance !== null) {
      this.backOff.reset();
      this.watcher.onStatus('live');
      this.watcher.onBalance(balance);
    }
    return null;
  }

  private async wait(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.endWait?.(), milliseconds);
      this.endWait = () => {
        clearTimeout(timer);
        this.endWait = null;
        resolve();
      };
    });
  }
}
