/**
 * All tabs of the chat in one browser share one connection: the tab that holds a lock connects and tells the others.
 *
 * Without locks (a page over plain http) each tab connects for itself while it is looked at.
 */

import { type Balance, readBalance } from './balance';
import type { Status, StreamLine, Watcher } from './stream_line';

type Message =
  | { kind: 'hello' }
  | { kind: 'token' }
  | { kind: 'sign' }
  | { kind: 'status'; status: Status }
  | { kind: 'balance'; balance: Balance };

export interface Surroundings {
  locks: LockManager | undefined;
  channel: BroadcastChannel | null;
  isVisible: () => boolean;
}

const TELL_SIGNS_MILLISECONDS = 5_000;
const LOOK_MILLISECONDS = 10_000;
// The leading tab may be frozen with the lock in its hands: one that is looked at takes over.
const LEADER_GONE_MILLISECONDS = 60_000;
const HIDDEN_MILLISECONDS = 60_000;

export class Tabs {
  private line: StreamLine | null = null;
  private leading = false;
  private queued: AbortController | null = null;
  private endLead: (() => void) | null = null;
  private heardAt = Date.now();
  private toldSignAt = 0;
  private hiddenAt: number | null = null;
  private status: Status = 'connecting';
  private balance: Balance | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly name: string,
    private readonly around: Surroundings,
    private readonly watcher: Pick<Watcher, 'onBalance' | 'onStatus' | 'onFailure'>,
    private readonly token: () => string | null,
  ) {}

  /** What the line calls: this tab shows it, and the others hear of it. */
  readonly heard: Watcher = {
    onBalance: (balance) => {
      this.show(balance);
      this.tell({ kind: 'balance', balance });
    },
    onStatus: (status) => {
      this.showStatus(status);
      this.tell({ kind: 'status', status });
    },
    onSign: () => {
      if (Date.now() - this.toldSignAt < TELL_SIGNS_MILLISECONDS) return;
      this.toldSignAt = Date.now();
      this.tell({ kind: 'sign' });
    },
    onFailure: (error) => this.watcher.onFailure(error),
  };

  start(line: StreamLine): void {
    this.line = line;
    this.around.channel?.addEventListener('message', (event: MessageEvent<Message>) => this.hear(event.data));
    this.timer = setInterval(() => this.look(), LOOK_MILLISECONDS);
    if (this.around.locks && this.around.channel) this.queue();
    else this.connect();
    this.tell({ kind: 'hello' });
  }

  stop(): void {
    clearInterval(this.timer);
    this.queued?.abort();
    this.line?.stop();
    this.endLead?.();
  }

  /** The token was given or taken away, in this tab. */
  tokenChanged(): void {
    this.tell({ kind: 'token' });
    if (this.leading) this.line?.start(this.token());
    else if (this.token() === null) this.showStatus('signed-out');
  }

  /** The tab is looked at again, or the network is back. */
  wake(): void {
    if (this.leading) this.line?.wake();
    else this.look();
  }

  /** Wait for the lock; whoever has it connects. */
  private queue(): void {
    const queued = new AbortController();
    this.queued = queued;
    this.request({ signal: queued.signal }, () => queued.signal.aborted);
  }

  private takeOver(): void {
    this.queued?.abort();
    this.request({ steal: true }, () => false);
  }

  private request(options: LockOptions, isGivenUp: () => boolean): void {
    this.around.locks
      ?.request(this.name, options, () => this.lead())
      .catch(() => {
        // Taken over by another tab, or given up by this one.
        if (isGivenUp() && !this.leading) return;
        this.leading = false;
        this.heardAt = Date.now();
        this.line?.stop();
        this.queue();
      });
  }

  private lead(): Promise<void> {
    this.connect();
    return new Promise((resolve) => {
      this.endLead = resolve;
    });
  }

  private connect(): void {
    this.leading = true;
    this.line?.start(this.token());
  }

  private look(): void {
    if (!this.around.locks || !this.around.channel) {
      this.lookAlone();
      return;
    }
    const isSilent = Date.now() - this.heardAt > LEADER_GONE_MILLISECONDS;
    if (!this.leading && isSilent && this.around.isVisible() && this.token() !== null) this.takeOver();
  }

  private lookAlone(): void {
    if (this.around.isVisible()) {
      this.hiddenAt = null;
      if (!this.leading) this.connect();
      return;
    }
    this.hiddenAt ??= Date.now();
    if (!this.leading || Date.now() - this.hiddenAt < HIDDEN_MILLISECONDS) return;
    this.leading = false;
    this.line?.stop();
  }

  private hear(message: Message): void {
    if (message.kind === 'token') {
      if (this.leading) this.line?.start(this.token());
      return;
    }
    if (message.kind === 'hello') {
      if (!this.leading) return;
      this.tell({ kind: 'status', status: this.status });
      if (this.balance) this.tell({ kind: 'balance', balance: this.balance });
      return;
    }
    this.heardAt = Date.now();
    if (this.leading) return;
    if (message.kind === 'balance') this.showTold(message.balance);
    else if (message.kind === 'status') this.showStatus(message.status);
  }

  private tell(message: Message): void {
    this.around.channel?.postMessage(message);
  }

  private show(balance: Balance): void {
    this.balance = balance;
    this.watcher.onBalance(balance);
  }

  /** Another tab may run an older script, whose balances lack what this one reads. */
  private showTold(told: Balance): void {
    const balance = readBalance(told);
    if (balance) this.show(balance);
  }

  private showStatus(status: Status): void {
    this.status = status;
    if (status === 'signed-out') this.balance = null;
    this.watcher.onStatus(status);
  }
}
