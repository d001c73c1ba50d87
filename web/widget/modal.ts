/** The dialog that tells of a crossed threshold. The browser's own dialog keeps the focus inside and knows Escape. */

import type { Balance } from './balance';
import { button, element, outwardLink } from './elements';
import type { Language, Options } from './options';
import { dayText, type Texts, tokensText } from './texts';

interface Words {
  level: string;
  title: string;
  lead: string;
}

const URGENT_PERCENT = 90;
const EMPTY_PERCENT = 100;

export function wordsOf(percent: number, balance: Balance, options: Options, texts: Texts): Words {
  const tokens = tokensText(balance.tokens_remaining, options.language);
  const day = balance.renews ? dayText(balance.renews_on) : null;
  if (balance.state === 'blocked' || percent >= EMPTY_PERCENT)
    return {
      level: 'blocked',
      title: stopTitle(balance, texts),
      lead: `${whyStopped(balance, options.language, texts)} ${texts.wayOn(day)}`,
    };
  if (percent >= URGENT_PERCENT)
    return { level: 'urgent', title: texts.urgentTitle(percent), lead: texts.urgentLead(tokens, day) };
  return { level: 'alert', title: texts.alertTitle(percent), lead: texts.alertLead(tokens, day) };
}

function stopTitle(balance: Balance, texts: Texts): string {
  if (balance.left <= 0) return texts.emptyTitle;
  return balance.state === 'blocked' ? texts.stoppedTitle : texts.refusedTitle;
}

/** Why the chat does not answer. Tokens may be left: too few for the last call, or for one before it. */
export function whyStopped(balance: Balance, language: Language, texts: Texts): string {
  if (balance.left <= 0) return texts.empty(balance.renews);
  const left = tokensText(balance.left, language);
  return balance.state === 'blocked'
    ? texts.stopped(left, tokensText(balance.refused_tokens, language))
    : texts.refused(left);
}

export interface OpenModal {
  percent: number;
  /** Resolves when it is closed: true where the reader closed it himself. */
  closed: Promise<boolean>;
  /** It is not needed any more. */
  withdraw: () => void;
  /** Writes it in another language. */
  speak: (texts: Texts) => void;
}

function promised<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  const made: { resolve?: (value: T) => void } = {};
  const promise = new Promise<T>((resolve) => {
    made.resolve = resolve;
  });
  return { promise, resolve: (value) => made.resolve?.(value) };
}

/** Shows the dialog inside `place`. */
export function showModal(
  place: Node,
  percent: number,
  balance: Balance,
  options: Options,
  texts: Texts,
): OpenModal {
  const { promise: closed, resolve } = promised<boolean>();
  // The event of its closing waits for the next frame, which a tab in the background may not draw.
  const end = (byReader: boolean) => {
    dialog.close();
    dialog.remove();
    resolve(byReader);
  };
  const seen = () => end(true);
  const dialog = element('dialog', {
    class: `modal ${wordsOf(percent, balance, options, texts).level}`,
    tabindex: '-1',
    'aria-labelledby': 'modal-title',
    'aria-describedby': 'modal-lead',
  });
  const speak = (spoken: Texts) => {
    const { level, title, lead } = wordsOf(percent, balance, options, spoken);
    dialog.replaceChildren(
      element('span', { class: 'mark', 'aria-hidden': 'true' }, level === 'blocked' ? '!' : `${percent}%`),
      element('h2', { id: 'modal-title' }, title),
      element('p', { id: 'modal-lead' }, lead),
      element(
        'p',
        { class: 'actions' },
        outwardLink('button main', spoken.buy, options.buyUrl, spoken.newWindow),
        outwardLink('button', spoken.statement, options.statementUrl, spoken.newWindow),
        button('button', spoken.later, seen),
      ),
    );
    for (const anchor of dialog.querySelectorAll('a')) anchor.addEventListener('click', seen);
  };
  speak(texts);
  // The chat's own shortcuts stay silent while the dialog is open.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  dialog.addEventListener('close', seen);
  place.appendChild(dialog);
  dialog.showModal();
  // The dialog itself has the focus: whoever is just typing must not press one of its buttons.
  dialog.focus();
  return { percent, closed, withdraw: () => end(false), speak };
}
