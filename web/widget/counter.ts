/** The counter in the window's corner, and the small panel that it opens. */

import type { Balance } from './balance';
import { button, element, outwardLink } from './elements';
import { whyStopped } from './modal';
import type { Options } from './options';
import type { Status } from './stream_line';
import { dayText, percentText, type Texts, tokensText } from './texts';

export interface CounterActions {
  onConnect: () => boolean;
  onDisconnect: () => void;
}

/** What a narrow window leaves out and a screen reader still reads. */
function rest(text: string | undefined): HTMLElement {
  return element('span', { class: 'rest' }, text ?? '');
}

const LEVELS: Record<Balance['state'], string> = {
  normal: 'good',
  alert_80: 'alert',
  alert_90: 'urgent',
  blocked: 'blocked',
  suspended: 'neutral',
};

export class Counter {
  readonly node: HTMLElement;
  private readonly pill: HTMLButtonElement;
  private readonly panel: HTMLElement;
  private balance: Balance | null = null;
  private status: Status = 'connecting';
  private wasConnected = false;
  private isOpen = false;

  constructor(
    private readonly options: Options,
    private texts: Texts,
    private readonly actions: CounterActions,
  ) {
    this.pill = element('button', {
      type: 'button',
      class: 'pill',
      'aria-expanded': 'false',
      'aria-controls': 'panel',
    });
    this.pill.addEventListener('click', () => this.open(!this.isOpen));
    this.panel = element('div', { class: 'panel', id: 'panel' });
    this.panel.hidden = true;
    this.node = element('section', { class: 'counter', 'aria-label': texts.name }, this.panel, this.pill);
    this.node.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.isOpen) return;
      event.stopPropagation();
      this.open(false);
      this.pill.focus();
    });
    this.draw();
  }

  /** Draws everything in another language. */
  speak(texts: Texts): void {
    this.texts = texts;
    this.node.setAttribute('aria-label', texts.name);
    this.draw();
  }

  show(balance: Balance): void {
    this.balance = balance;
    this.wasConnected = true;
    this.draw();
  }

  showStatus(status: Status): void {
    this.status = status;
    if (status === 'signed-out') this.balance = null;
    this.draw();
  }

  /** Somebody clicked elsewhere. */
  close(): void {
    if (this.isOpen) this.open(false);
  }

  private open(isOpen: boolean): void {
    this.isOpen = isOpen;
    this.panel.hidden = !isOpen;
    this.pill.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) this.drawPanel();
  }

  private draw(): void {
    // Nothing is known yet: better no counter for a moment than one that jumps.
    this.node.hidden = this.balance === null && this.status !== 'signed-out' && this.status !== 'suspended';
    this.pill.className = `pill ${this.level()}${this.status === 'offline' ? ' offline' : ''}`;
    this.pill.replaceChildren(element('span', { class: 'dot', 'aria-hidden': 'true' }), ...this.label());
    if (this.isOpen) this.drawPanel();
  }

  private level(): string {
    if (this.status === 'suspended' || this.balance === null) return 'neutral';
    return LEVELS[this.balance.state] ?? 'neutral';
  }

  private label(): Node[] {
    const { texts, balance } = this;
    if (this.status === 'suspended') return [element('span', {}, texts.suspended)];
    if (balance === null) return [element('span', {}, this.wasConnected ? texts.reconnect : texts.connect)];
    const tokens = tokensText(balance.tokens_remaining, this.options.language);
    const [before, after] = texts.remaining(tokens).split(tokens);
    // "21.000 tokens", and where there is room "restantes".
    const [, unit, more] = /^(\s*\S+)(.*)$/.exec(after ?? '') ?? [];
    return [element('span', {}, rest(before), element('b', {}, tokens), unit ?? '', rest(more))];
  }

  private drawPanel(): void {
    const { texts } = this;
    const close = button('close', '', () => {
      this.open(false);
      this.pill.focus();
    });
    close.setAttribute('aria-label', texts.close);
    this.panel.replaceChildren(close, ...(this.balance ? this.figures(this.balance) : this.invitation()));
  }

  private figures(balance: Balance): Node[] {
    const { options, texts } = this;
    // 100 % only where nothing is left.
    const used = balance.left > 0 ? Math.min(balance.usage_percent, 99.9) : balance.usage_percent;
    const percent = percentText(used, options.language);
    const bar = element('progress', {
      class: `bar ${this.level()}`,
      max: '100',
      'aria-label': texts.used(percent),
    });
    bar.value = Math.min(used, 100);
    const why = whyStopped(balance, options.language, texts);
    const stopped = balance.left > 0 ? `${texts.stoppedTitle}. ${why}` : why;
    // 100 % also where there is nothing at all to use.
    const hasTokens = balance.renews || balance.left > 0 || balance.usage_percent < 100;
    const remaining = texts.remaining(tokensText(balance.tokens_remaining, options.language));
    return [
      element('p', { class: 'figure' }, this.status === 'suspended' ? texts.suspended : remaining),
      bar,
      ...(balance.state === 'blocked' ? [element('p', { class: 'why' }, stopped)] : []),
      ...(hasTokens ? [element('p', {}, texts.used(percent))] : []),
      ...(balance.renews ? [element('p', {}, `${texts.renews(dayText(balance.renews_on))}.`)] : []),
      ...(this.status === 'offline' ? [element('p', { class: 'note' }, texts.offline)] : []),
      element(
        'p',
        { class: 'actions' },
        outwardLink('button main', texts.buy, options.buyUrl, texts.newWindow),
        outwardLink('button', texts.statement, options.statementUrl, texts.newWindow),
      ),
      ...(options.token === null ? [button('plain', texts.disconnect, this.disconnect)] : []),
    ];
  }

  private readonly disconnect = (): void => {
    this.open(false);
    this.wasConnected = false;
    this.actions.onDisconnect();
  };

  private invitation(): Node[] {
    const { texts } = this;
    const note = element('p', { class: 'note', role: 'alert' });
    const connect = button('button main', this.wasConnected ? texts.reconnect : texts.connect, () => {
      note.textContent = this.actions.onConnect() ? '' : texts.popupBlocked;
    });
    const lead = element('p', {}, this.wasConnected ? texts.reconnectLead : texts.connectLead);
    return [lead, element('p', { class: 'actions' }, connect), note];
  }
}
