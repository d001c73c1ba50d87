import { describe, expect, it } from 'vitest';
import { causesOf, hindranceOf, isAsked, type Planned, priceOf } from './rules';

const OFFERS = [
  { tokens: 1_000_000, amount_brl: 230 },
  { tokens: 200_000, amount_brl: 50 },
  { tokens: 500_000, amount_brl: 120 },
];
const RULES = { second_person_above_tokens: 1_000_000, second_person_below_price: true };
const SALE: Planned = { tokens: 200_000, amount: 50, isSale: true };

describe('the price of the list', () => {
  it('is that of the package, or its share', () => {
    expect(OFFERS.map((offer) => priceOf(offer.tokens, OFFERS))).toEqual([230, 50, 120]);
    expect([1, 100, 100_000, 400_000, 499_999, 2_000_000].map((tokens) => priceOf(tokens, OFFERS))).toEqual([
      0, 0.02, 25, 100, 120, 460,
    ]);
    expect(priceOf(200_000, [...OFFERS, { tokens: 200_000, amount_brl: 40 }])).toBe(40);
    expect(priceOf(200_000, [])).toBeNull();
  });
});

describe('a second person', () => {
  it('is needed above the amount', () => {
    expect(causesOf({ ...SALE, tokens: 1_000_000, amount: 230 }, RULES, OFFERS)).toEqual([]);
    expect(causesOf({ tokens: 1_000_001, amount: 0, isSale: false }, RULES, OFFERS)).toEqual([
      'above_amount',
    ]);
    expect(
      causesOf(
        { tokens: 9_000_000, amount: 0, isSale: false },
        { ...RULES, second_person_above_tokens: 0 },
        OFFERS,
      ),
    ).toEqual([]);
  });

  it('is needed below the price, of sales alone', () => {
    expect(causesOf(SALE, RULES, OFFERS)).toEqual([]);
    expect(causesOf({ ...SALE, amount: 49.99 }, RULES, OFFERS)).toEqual(['below_price']);
    expect(causesOf({ ...SALE, amount: 0, isSale: false }, RULES, OFFERS)).toEqual([]);
    expect(causesOf({ ...SALE, amount: 1 }, { ...RULES, second_person_below_price: false }, OFFERS)).toEqual(
      [],
    );
  });

  it('is needed below the price of the request, whatever the list says now', () => {
    const listed = { tokens: 200_000, amount: 60 };
    expect(causesOf({ ...SALE, amount: 60, listed }, RULES, OFFERS)).toEqual([]);
    expect(causesOf({ ...SALE, listed }, RULES, OFFERS)).toEqual(['below_price']);
    expect(causesOf({ ...SALE, tokens: 400_000, amount: 60, listed }, RULES, OFFERS)).toEqual([
      'below_price',
    ]);
  });

  it('is neither the one who asked nor the one who gets the credits', () => {
    const grant = { asked_by: 'a', user_id: 'u' };
    expect(['a', 'u', 'x'].map((reader) => hindranceOf(grant, reader))).toEqual(['asker', 'receiver', null]);
  });

  it('is told by the answer', () => {
    expect(isAsked({ explanation: 'Este crédito …' })).toBe(true);
    expect(isAsked({ transaction_id: 't' })).toBe(false);
  });
});
