/** The dialog that tells of a crossed threshold. The browser's own dialog keeps the focus inside and knows Escape. */

import type { Balance } from './balance';
import { button, element, outwardLink } from './elements';
import type { Options } from './options';
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
  const day = dayText(balance.renews_on);
  if (percent >= EMPTY_PERCENT)
    return { level: 'blocked', title: texts.emptyTitle, lead: texts.emptyLead(day) };
  if (percent >= URGENT_PERCENT)
    return { level: 'urgent', title: texts.urgentTitle(percent), lead: texts.urgentLead(tokens, day) };
  return { level: 'alert', title: texts.alertTitle(percent), lead: texts.alertLead(tokens, day) };
}

export interface OpenModal {
  percent: number;
  /** Resolves when it is closed: true where the reader closed it himself. */
  closed: Promise<boolean>;
  /** It is not needed any more. */
  withdraw: () => void;
}

/** Shows the dialog inside `place`. */
export function showModal(
  place: Node,
  percent: number,
  balance: Balance,
  options: Options,
  texts: Texts,
): OpenModal {
  const { level, title, lead } = wordsOf(percent, balance, options, texts);
  let isWithdrawn = false;
  const later = button('button', texts.later, () => dialog.close());
  const dialog = element(
    'dialog',
    // The dialog itself gets the focus: whoever is just typing must not press one of its buttons.
    {
      class: `modal ${level}`,
      tabindex: '-1',
      autofocus: '',
      'aria-labelledby': 'modal-title',
      'aria-describedby': 'modal-lead',
    },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, percent >= EMPTY_PERCENT ? '!' : `${percent}%`),
    element('h2', { id: 'modal-title' }, title),
    element('p', { id: 'modal-lead' }, lead),
    element(
      'p',
      { class: 'actions' },
      outwardLink('button main', texts.buy, options.buyUrl, texts.newWindow),
      outwardLink('button', texts.statement, options.statementUrl, texts.newWindow),
      later,
    ),
  );
  for (const anchor of dialog.querySelectorAll('a')) anchor.addEventListener('click', () => dialog.close());
  // The chat's own shortcuts stay silent while the dialog is open.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  const closed = new Promise<boolean>((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(!isWithdrawn);
    });
  });
  place.appendChild(dialog);
  dialog.showModal();
  return {
    percent,
    closed,
    withdraw: () => {
      isWithdrawn = true;
      dialog.close();
    },
  };
}
