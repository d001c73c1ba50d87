import type { StatsRowResponse } from '@shared/api/admin.gen';
import { expect, test } from 'vitest';
import { pivot, summarise } from './pivot';

function row(day: number, key: string | null, tokens_charged: number): StatsRowResponse {
  return {
    bucket_start: `2026-11-0${day}T03:00:00Z`,
    bucket: `2026-11-0${day}`,
    key,
    label: key,
    requests: 1,
    input_tokens: 1,
    output_tokens: 2,
    tokens_charged,
    cost_usd: 0.5,
    revenue_brl: null,
    error_rate: null,
    p50_ms: null,
    p95_ms: null,
    p99_ms: null,
  };
}

const days = [1, 2, 3].map((day) => row(day, null, 0));

test('a key is summed over the whole range, with its share', () => {
  const [first, second] = summarise([row(1, 'a', 10), row(2, 'b', 60), row(3, 'a', 30)]);
  expect(first).toMatchObject({ key: 'b', tokens_charged: 60, share_percent: 60 });
  expect(second).toMatchObject({ key: 'a', tokens_charged: 40, requests: 2, cost_usd: 1 });
});

test('nothing used has no share of nothing', () => {
  expect(summarise([row(1, 'a', 0)])[0]?.share_percent).toBe(0);
});

test('a bucket without use is drawn as zero', () => {
  const { rows, hasRest } = pivot(days, [row(1, 'a', 10), row(3, 'b', 7)], (bucket) => bucket.slice(-2));
  expect(hasRest).toBe(false);
  expect(rows).toEqual([
    { bucket: '01', s0: 10, s1: 0 },
    { bucket: '02', s0: 0, s1: 0 },
    { bucket: '03', s0: 0, s1: 7 },
  ]);
});

test('what has no series of its own is the rest', () => {
  const many = ['a', 'b', 'c', 'd', 'e', null].map((key, place) => row(1, key, 60 - place));
  const { rows, shown, hasRest } = pivot(days, many, (bucket) => bucket);
  expect(shown.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd']);
  expect(hasRest).toBe(true);
  expect(rows[0]).toMatchObject({ s3: 57, rest: 56 + 55 });
});
