import type { models as source } from '../pt-BR/models';
import type { TextsLike } from '../texts';

export const models: TextsLike<typeof source> = {
  title: 'Models and weights',
  factor: 'Conversion factor',
  factorText:
    'Tokens charged = factor × (input × weight + cached × weight + output × weight + reasoning × weight), rounded up once. The factor counts for all models and is set by the installation (TOKEN_CONVERSION_FACTOR).',
  model: 'Model',
  weights: { input: 'Input', cached_input: 'Cached', output: 'Output', reasoning: 'Reasoning' },
  weightOf: (kind) => `Weight: ${kind}`,
  weightsLegend: 'Weights',
  outputLimit: 'Output held',
  outputLimitHint: 'Output tokens that are held where a request sets no limit.',
  tokenizer: 'Token count',
  state: 'State',
  active: 'Active',
  inactive: 'Inactive',
  unlisted: 'No weights',
  unlistedHint: 'Called lately and not in the table: every token counts 1.',
  activeHint: 'Inactive: the model leaves the list, and requests to it are refused.',
  example: 'Example',
  exampleTitle: 'Example calculation',
  exampleLead: 'Change the weights above or the request below and see what it would cost. Nothing is saved.',
  requestLegend: 'Tokens of the request',
  charged: 'Would be charged',
  tokens: (text) => `${text} tokens`,
  arithmetic: (factor, sum, before) => `${factor} × ${sum} = ${before}`,
  edit: (name) => `Edit the weights of ${name}`,
  weightInvalid: 'Type a weight from 0 to 100,000, with at most 6 digits behind the point.',
  limitInvalid: 'Type a number from 1 to 100,000,000.',
  countInvalid: 'Correct the numbers to see the calculation.',
  effect: 'It counts for requests that come from now on; what was charged stays.',
};
