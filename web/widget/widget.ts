/** The widget's one script, for a chat's page: `<script src="…/widget.js" data-…>`. It never disturbs that page. */

import { alertToShow, type Balance, rearmed, shownNow } from './balance';
import { openConnectWindow } from './connect_window';
import { Counter } from './counter';
import { Host, TAG } from './host';
import { type OpenModal, showModal } from './modal';
import { type Options, readOptions } from './options';
import { pageStorage, Store } from './store';
import { type Status, StreamLine } from './stream_line';
import { Tabs } from './tabs';
import { textsOf } from './texts';

class Widget {
  private texts;
  private readonly store;
  private readonly host;
  private readonly counter;
  private readonly tabs;
  private readonly fetch = window.fetch.bind(window);
  /** What the chat's server gave to the page; what the user connects himself comes in its place. */
  private given: string | null;
  private modal: OpenModal | null = null;
  private balance: Balance | null = null;

  constructor(private readonly options: Options) {
    this.given = options.token;
    this.texts = textsOf(options.language);
    this.store = new Store(options.proxy, pageStorage());
    this.host = new Host(options, () =>
      quietly(() => {
        this.texts = textsOf(options.language);
        this.counter.speak(this.texts);
        this.modal?.speak(this.texts);
      }),
    );
    this.counter = new Counter(options, this.texts, {
      onConnect: () => openConnectWindow(options.proxy, options.language, (token) => this.setToken(token)),
      onDisconnect: () => this.setToken(null),
    });
    const around = {
      locks: navigator.locks as LockManager | undefined,
      channel: 'BroadcastChannel' in window ? new BroadcastChannel(this.lockName('line')) : null,
      isVisible,
    };
    const shown = {
      onBalance: (balance: Balance) => quietly(() => this.show(balance)),
      onStatus: (status: Status) => quietly(() => this.counter.showStatus(status)),
      onFailure: warn,
    };
    this.tabs = new Tabs(this.lockName('line'), around, shown, () => this.token());
  }

  start(): void {
    this.host.root.append(this.counter.node);
    this.host.stay();
    this.tabs.start(new StreamLine(this.options.proxy, this.tabs.heard, this.fetch));
    const wake = () =>
      quietly(() => {
        if (!isVisible()) return;
        this.tabs.wake();
        if (this.balance) this.show(this.balance);
      });
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('online', wake);
    window.addEventListener('pageshow', wake);
    document.addEventListener('click', (event) => {
      if (!event.composedPath().includes(this.host.element)) quietly(() => this.counter.close());
    });
  }

  private token(): string | null {
    return this.given ?? this.store.get().token;
  }

  private setToken(token: string | null): void {
    this.given = null;
    this.store.set(token === null ? { token, shown: null } : { token });
    this.balance = null;
    this.tabs.tokenChanged();
  }

  private show(balance: Balance): void {
    this.balance = balance;
    this.counter.show(balance);
    const armed = rearmed(this.store.get().shown, balance);
    if (armed) this.store.set({ shown: armed });
    const percent = alertToShow(this.store.get().shown, balance);
    // What was seen elsewhere, or ended by a grant, or overtaken by a higher threshold, needs no answer any more.
    if (this.modal && (balance.alert === null || percent !== null)) this.modal.withdraw();
    if (percent !== null && isVisible()) void this.tell().catch(warn);
  }

  /** Show the alert in one of the tabs that are looked at. */
  private async tell(): Promise<void> {
    const locks = navigator.locks as LockManager | undefined;
    if (locks === undefined) {
      if (this.modal === null) await this.tellAll();
      return;
    }
    await locks.request(this.lockName('alert'), { ifAvailable: true }, async (lock) => {
      if (lock) await this.tellAll();
    });
  }

  private async tellAll(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- one dialog after the other
    while (isVisible() && (await this.tellNow()));
  }

  /** False where there was nothing to tell. */
  private async tellNow(): Promise<boolean> {
    const { balance } = this;
    const percent = balance && alertToShow(this.store.get().shown, balance);
    if (balance === null || percent === null) return false;
    this.store.set({ shown: shownNow(percent, balance) });
    const modal = showModal(this.host.root, percent, balance, this.options, this.texts);
    this.modal = modal;
    const byReader = await modal.closed;
    if (this.modal === modal) this.modal = null;
    if (byReader) await this.acknowledge(percent);
    return true;
  }

  private async acknowledge(percent: number): Promise<void> {
    const token = this.token();
    const { fetch } = this;
    await fetch(`${this.options.proxy}/api/tokens/alerts/acknowledge`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ alert: percent }),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      keepalive: true,
    });
  }

  private lockName(part: string): string {
    return `solaris-widget ${part} ${this.options.proxy}`;
  }
}

function isVisible(): boolean {
  return document.visibilityState === 'visible';
}

let hasWarned = false;

/** One line in the console, whatever happens and however often: the page belongs to somebody else. */
function warn(error: unknown): void {
  if (hasWarned) return;
  hasWarned = true;
  // oxlint-disable-next-line no-console -- the one line, for whoever builds the widget in
  console.warn('solaris widget: see docs/widget.md', error);
}

function quietly(act: () => void): void {
  try {
    act();
  } catch (error) {
    warn(error);
  }
}

quietly(() => {
  const script = document.currentScript ?? document.querySelector('script[src$="/widget.js"]');
  // A second tag, or a page that loads its scripts again, gets no second counter.
  if (!(script instanceof HTMLScriptElement) || document.querySelector(TAG)) return;
  new Widget(readOptions(script.src, script.dataset, document.documentElement.lang)).start();
});
