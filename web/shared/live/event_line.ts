/** One server-sent event stream, kept up: after a failure, a sleep, another network or a restart of the service. */

/** `live`: something came lately. `connecting`: it is being opened. `waiting`: it failed and is tried again by itself. */
export type LineState = 'connecting' | 'live' | 'waiting';

export interface LineOptions {
  address: string;
  /** The events to hear, by name; `end` is heard always. */
  events: readonly string[];
  /** `data` is the event's JSON. */
  onEvent: (name: string, data: unknown) => void;
  onState: (state: LineState) => void;
  /** The service ended the stream and says why; it is opened again all the same, in case the reason passes. */
  onEnd?: (reason: string) => void;
  /** After so many seconds without any event the connection is taken for dead. */
  mostSilentSeconds: number;
}

/** The part of `EventSource` that is used. */
export interface Source {
  addEventListener: (name: string, listener: (event: MessageEvent<string>) => void) => void;
  close: () => void;
}

export type Opener = (address: string) => Source;

const FIRST_PAUSE_MILLISECONDS = 1_000;
const LONGEST_PAUSE_MILLISECONDS = 30_000;
const LOOK_MILLISECONDS = 1_000;

export class EventLine {
  private source: Source | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private look: ReturnType<typeof setInterval> | null = null;
  private heardAt = 0;
  private failures = 0;

  constructor(
    private readonly options: LineOptions,
    private readonly open: Opener = (address) => new EventSource(address),
  ) {}

  start(): void {
    this.stop();
    this.connect();
    // A computer that slept finds its timers late and its connection dead, which nobody else tells it.
    this.look = setInterval(() => this.doubtSilence(), LOOK_MILLISECONDS);
  }

  stop(): void {
    if (this.look !== null) clearInterval(this.look);
    this.look = null;
    this.cancelRetry();
    this.source?.close();
    this.source = null;
  }

  /** The page is looked at again, or the network is back: try now what was waiting, and doubt what has been silent. */
  wake(): void {
    if (this.look === null) return;
    this.failures = 0;
    if (this.retry !== null) this.connect();
    else this.doubtSilence();
  }

  private connect(): void {
    this.cancelRetry();
    this.source?.close();
    this.options.onState('connecting');
    this.heardAt = Date.now();
    const source = this.open(this.options.address);
    this.source = source;
    for (const name of this.options.events) {
      source.addEventListener(name, (event) => this.heard(name, event.data));
    }
    source.addEventListener('end', (event) => this.ended(source, event.data));
    source.addEventListener('error', () => this.failed(source));
  }

  private heard(name: string, text: string): void {
    this.heardAt = Date.now();
    this.failures = 0;
    this.options.onState('live');
    const data = readJson(text);
    if (data !== undefined) this.options.onEvent(name, data);
  }

  private ended(source: Source, text: string): void {
    const told = readJson(text) as { reason?: unknown } | null | undefined;
    this.failed(source);
    this.options.onEnd?.(typeof told?.reason === 'string' ? told.reason : '');
  }

  private failed(source: Source): void {
    if (source !== this.source) return;
    // Never left to the browser's own retrying, which gives up for good where the answer is an error.
    source.close();
    this.source = null;
    this.options.onState('waiting');
    this.failures += 1;
    this.retry = setTimeout(() => this.connect(), pauseAfter(this.failures, Math.random()));
  }

  private doubtSilence(): void {
    if (this.source && Date.now() - this.heardAt > this.options.mostSilentSeconds * 1000) this.connect();
  }

  private cancelRetry(): void {
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = null;
  }
}

/** Milliseconds before the next attempt: doubling, at most half a minute, spread so that not all pages come back at once. */
export function pauseAfter(failures: number, chance: number): number {
  const longest = Math.min(
    FIRST_PAUSE_MILLISECONDS * 2 ** Math.max(0, failures - 1),
    LONGEST_PAUSE_MILLISECONDS,
  );
  return longest * (0.5 + chance / 2);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
