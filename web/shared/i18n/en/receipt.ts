import { receipt as source } from '../pt-BR/receipt';
import { area, plural } from '../texts';

export const receiptTexts = area(source, {
  title: 'Receipt of the call',
  when: 'When',
  model: 'Model',
  answeredBy: (model) => `answered by ${model}`,
  client: 'From',
  ending: 'How it ended',
  duration: 'Duration',
  firstByte: (time) => `first answer after ${time}`,
  requestId: 'Code of the call',
  traceId: 'Trace code',
  cost: "Provider's cost",
  kinds: {
    input: 'Input',
    cached_input: 'Cached input',
    output: 'Output',
    reasoning: 'Reasoning',
  },
  endings: {
    complete: 'Complete',
    no_usage: "Complete, without the provider's count",
    upstream_error: "Provider's error",
    client_gone: 'Broken off by the caller',
    proxy_gone: 'Broken off by a restart of the service',
    out_of_tokens: 'Broken off: the free balance did not cover the rest',
  },
  estimated:
    'The provider did not tell the use of this call: the tokens were counted from the text exchanged.',
  howItCameAbout: 'How the amount came about',
  kind: 'Kind',
  tokens: 'Tokens',
  weight: 'Weight',
  result: 'Result',
  line: (count, tokens, weight) =>
    `${plural('en', count, `${tokens} token`, `${tokens} tokens`)} × weight ${weight}`,
  sum: 'Sum',
  factor: (factor) => `Times the conversion factor ${factor}`,
  rounded: 'Rounded up, only once',
  charged: 'Tokens charged',
  inWords: (count, charged) =>
    plural('en', count, `This call cost ${charged} token.`, `This call cost ${charged} tokens.`),
  paidBy: 'Who paid',
  sources: { allowance: "Month's allowance", credits: 'Credits', overage: 'Beyond the balance' },
  overageNote: 'What went beyond the balance is taken off the next top-up or renewal.',
  remaining: 'Balance after the call',
  free: 'Nothing was charged.',
});
