import type { SumResponse } from '@shared/api/proxy.gen';
import { expect, test } from 'vitest';
import { dailyBars, hourlyBars, modelShares, sumsOf } from './course';

function sum(key: string, tokens_charged: number, requests = 1): SumResponse {
  return { key, tokens_charged, requests, input_tokens: 0, output_tokens: 0 };
}

test('days without use have a bar too, in order', () => {
  const bars = dailyBars({ from: '2026-02-27', to: '2026-03-01' }, [
    sum('2026-03-01', 5),
    sum('2026-02-27', 7),
  ]);
  expect(bars).toEqual([
    { key: '2026-02-27', tokens: 7 },
    { key: '2026-02-28', tokens: 0 },
    { key: '2026-03-01', tokens: 5 },
  ]);
});

test('hours are filled between the first and the last with use', () => {
  const bars = hourlyBars([sum('2026-03-01T12:00:00Z', 3), sum('2026-03-01T10:00:00Z', 4)]);
  expect(bars.map((bar) => bar.tokens)).toEqual([4, 0, 3]);
  expect(hourlyBars([])).toEqual([]);
});

test('shares add up to a hundred, and nothing used is no division by zero', () => {
  const shares = modelShares([sum('a', 25, 2), sum('b', 75)]);
  expect(shares.map((share) => [share.model, share.percent])).toEqual([
    ['b', 75],
    ['a', 25],
  ]);
  expect(modelShares([sum('a', 0)])[0]?.percent).toBe(0);
});

test('an answer of another kind is no sums', () => {
  expect(sumsOf({ data: [], next_cursor: null }, 'day')).toBeUndefined();
  expect(sumsOf({ group_by: 'day', data: [] }, 'model')).toBeUndefined();
  expect(sumsOf({ group_by: 'day', data: [], truncated: false }, 'day')?.data).toEqual([]);
});
