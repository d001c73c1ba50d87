import { describe, expect, it } from 'vitest';
import { countedParts, payments, type ReceiptArithmetic, wasRoundedUp } from './receipt_sum';

const PLAIN: ReceiptArithmetic = {
  parts: [
    { kind: 'input', tokens: 1553, weight: 1, weighted: 1553 },
    { kind: 'cached_input', tokens: 0, weight: 0.1, weighted: 0 },
    { kind: 'output', tokens: 0, weight: 3, weighted: 0 },
    { kind: 'reasoning', tokens: 0, weight: 3, weighted: 0 },
  ],
  weighted_sum: 1553,
  conversion_factor: 1,
  before_rounding: 1553,
  tokens_charged: 1553,
  allowance_part: 1000,
  credits_part: 500,
  overage: 53,
};

describe('a receipt', () => {
  it('names input and output always, the others where there were any', () => {
    expect(countedParts(PLAIN).map((part) => part.kind)).toEqual(['input', 'output']);
    const cached = PLAIN.parts.map((part) => ({ ...part, tokens: 1 }));
    expect(countedParts({ ...PLAIN, parts: cached })).toHaveLength(4);
  });

  it('tells when it was rounded up', () => {
    expect(wasRoundedUp(PLAIN)).toBe(false);
    expect(wasRoundedUp({ ...PLAIN, before_rounding: 1552.2 })).toBe(true);
  });

  it('tells who paid, in order', () => {
    expect(payments(PLAIN)).toEqual([
      { source: 'allowance', tokens: 1000 },
      { source: 'credits', tokens: 500 },
      { source: 'overage', tokens: 53 },
    ]);
    expect(payments({ ...PLAIN, credits_part: 0, overage: 0 })).toHaveLength(1);
  });
});
