import { statement as source } from '../pt-BR/statement';
import { area, plural } from '../texts';

export const statementTexts = area(source, {
  title: 'Usage statement',
  print: 'Print',
  balance: 'Balance now',
  model: 'Model',
  allModels: 'All models',
  inPeriod: 'In this period',
  charged: (count, tokens) => plural('en', count, `${tokens} token charged`, `${tokens} tokens charged`),
  calls: (count, calls) => plural('en', count, `${calls} call`, `${calls} calls`),
  byDay: 'Use by day',
  byHour: 'Use by hour',
  tokens: 'Tokens charged',
  chart: (span, count, total, most, when) =>
    `Bar chart, ${span}: ${plural('en', count, `${total} token charged`, `${total} tokens charged`)}. The highest value is ${most}, at ${when}.`,
  span: (from, to) => (from === to ? from : `${from} to ${to}`),
  byModel: 'Use by model',
  share: (percent) => `${percent} of the period`,
  history: 'Calls',
  when: 'When',
  input: 'Input',
  output: 'Output',
  cost: 'Charged',
  remaining: 'Balance after',
  client: 'Origin',
  receipt: 'Receipt',
  openReceipt: (when) => `See the receipt of ${when}`,
  emptyTitle: 'No use in this period',
  emptyText: 'Choose another period or another model. Your calls appear here as soon as they end.',
  receiptMissing: 'This receipt does not exist, or is not yours.',
  printed: (name, when) => `${name} · printed on ${when}`,
  printedPart: 'The paper holds the calls in view. The button Print and the CSV hold all of them.',
  printedCut: (calls) =>
    `The paper holds the ${calls} latest calls of the period. The CSV holds all of them.`,
  truncated: 'The period has more data than the chart shows. Choose a shorter one.',
});
