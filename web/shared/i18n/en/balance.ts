import { balance as source } from '../pt-BR/balance';
import { area, plural } from '../texts';

export const balanceTexts = area(source, {
  greeting: (name) => `Hello, ${name}`,
  title: 'Your balance',
  remaining: (count, text) => plural('en', count, `${text} token left`, `${text} tokens left`),
  used: (used, total) => `${used} of ${total} used`,
  percent: (percent) => `${percent} used`,
  plan: 'Plan',
  noPlan: 'none',
  allowance: 'Monthly allowance',
  allowanceLeft: (_count, left) => `${left} left`,
  credits: 'Credits',
  creditsNote: 'never expire; used after the allowance',
  held: 'In use now',
  heldNote: 'set aside for calls that are running',
  renews: 'Next renewal',
  runsOut: (date) => `At this pace, the balance ends on ${date}.`,
  lasts: 'At this pace, the balance lasts until the renewal.',
  lastsTheMonth: 'At this pace, the balance lasts until the end of the month.',
  notRenewed: 'None',
  suspended:
    'Your account is suspended. You may look at your balance, but not use the chat. Talk to the administrator.',
  noTokens: 'no tokens to use',
  blocked: 'You have no tokens left, and calls are blocked.',
  stopped: (count, left, needed) =>
    plural(
      'en',
      count,
      `Your chat has stopped: ${left} token is left, and your last request needed about ${needed}.`,
      `Your chat has stopped: ${left} tokens are left, and your last request needed about ${needed}.`,
    ),
  nothing: 'Your chat is stopped: your account has no allowance this month, and no credits.',
  wayOn: (date) => `Buy credits, or wait for the renewal on ${date}.`,
  wayOnBuying: 'Buy credits to go on.',
  nearEnd: (date) =>
    `Your balance is close to its end. Once it is used up, the chat stops until the renewal on ${date}, unless you buy credits.`,
  nearEndOfCredits:
    'Your credits are close to their end. Once they are used up, the chat stops until you buy more.',
  overage: (count, tokens) =>
    plural(
      'en',
      count,
      `${tokens} token used beyond the balance will be taken from the next grant.`,
      `${tokens} tokens used beyond the balance will be taken from the next grant.`,
    ),
  alert: (percent) => `You have used ${percent} of this month's tokens`,
  alertAll: "You have used all of this month's tokens",
  alertCredits: (percent) => `You have used ${percent} of your credits`,
  alertAllCredits: 'You have used all of your credits',
  alertStopped: 'Your balance covers no usual request any more',
  alertRefused: 'A request did not fit into your balance',
  acknowledge: 'Got it',
  buy: 'Buy credits',
  granted: (count, tokens) =>
    plural('en', count, `You received ${tokens} token.`, `You received ${tokens} tokens.`),
  taken: (count, tokens) =>
    plural(
      'en',
      count,
      `${tokens} token was taken from your credits.`,
      `${tokens} tokens were taken from your credits.`,
    ),
  line: {
    connecting: 'Connecting…',
    live: 'Live',
    waiting: 'Reconnecting…',
  },
  recent: 'Recent use',
  recentAll: 'See the whole statement',
  recentEmptyTitle: 'No use yet',
  recentEmptyText: 'As soon as you talk to a model, your calls appear here.',
  recentWhen: 'When',
  recentModel: 'Model',
  recentCharged: 'Tokens',
  openReceipt: (when) => `See the receipt of ${when}`,
});
