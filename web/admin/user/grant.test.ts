import { describe, expect, it } from 'vitest';
import { bodyOf, type GrantFields, plannedOf, problemsOf, remainingAfter, tokensOf } from './grant';

const BONUS: GrantFields = { tokens: '50.000', reason: 'promocional', amount: '', note: ' oi ' };

describe('adding credits', () => {
  it('sends what was typed as Brazilians type it', () => {
    expect(problemsOf(BONUS, 'pt-BR')).toEqual([]);
    expect(bodyOf(BONUS, 'pt-BR')).toEqual({
      tokens: 50_000,
      amount_paid: 0,
      reason: 'promocional',
      note: 'oi',
    });
    const bought: GrantFields = { ...BONUS, reason: 'compra_email', amount: '1.250,50' };
    expect(bodyOf(bought, 'pt-BR').amount_paid).toBe(1250.5);
  });

  it('needs a price for a purchase, and tokens always', () => {
    expect(problemsOf({ ...BONUS, reason: 'compra_email' }, 'pt-BR')).toEqual(['amountNeeded']);
    expect(problemsOf({ ...BONUS, tokens: '', amount: 'dez' }, 'pt-BR')).toEqual(['tokens', 'amountInvalid']);
    for (const text of ['0', '-1', '1,5', '1.000.000.001', 'mil']) expect(tokensOf(text, 'pt-BR')).toBeNull();
  });

  it('is judged only when it is complete', () => {
    expect(plannedOf(BONUS, 'pt-BR')).toEqual({ tokens: 50_000, amount: 0, isSale: false });
    expect(plannedOf({ ...BONUS, reason: 'compra_email' }, 'pt-BR')).toBeNull();
    expect(plannedOf({ ...BONUS, tokens: 'mil' }, 'pt-BR')).toBeNull();
  });

  it('pays back what is owed first', () => {
    expect(remainingAfter(50, 0, 100)).toBe(150);
    expect(remainingAfter(0, 30, 100)).toBe(70);
    expect(remainingAfter(0, 130, 100)).toBe(0);
  });
});
