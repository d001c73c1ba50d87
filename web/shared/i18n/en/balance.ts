import type { balance as source } from '../pt-BR/balance';
import { plural, type TextsLike } from '../texts';

export const balance: TextsLike<typeof source> = {
  greeting: (name) => `Hello, ${name}`,
  title: 'Your balance',
  remaining: (count, text) => plural('en', count, `${text} token left`, `${text} tokens left`),
  used: (used, total) => `${used} of ${total} used`,
  percent: (percent) => `${percent} used`,
  plan: 'Plan',
  noPlan: 'No plan',
  allowance: 'Monthly allowance',
  allowanceLeft: (left) => `${left} left`,
  credits: 'Credits',
  creditsNote: 'never expire; used after the allowance',
  held: 'In use now',
  heldNote: 'set aside for calls that are running',
  renews: 'Next renewal',
  runsOut: (date) => `At this pace, the balance ends on ${date}.`,
  lasts: 'At this pace, the balance lasts until the renewal.',
  suspended:
    'Your account is suspended. You may look at your balance, but not use the chat. Talk to the administrator.',
  blocked: 'You have no tokens left. Buy credits, or wait for the renewal.',
  overage: (tokens) => `${tokens} tokens used beyond the balance will be taken from the next grant.`,
};
