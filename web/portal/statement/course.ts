/** The bars of the daily (or, for a single day, hourly) chart, and each model's share. */

import type { HistorySumsResponse, SumResponse } from '@shared/api/proxy.gen';
import { daysOf, type Period, shifted } from '@shared/period/period';

export interface Bar {
  /** A day (YYYY-MM-DD) or the start of an hour (ISO 8601). */
  key: string;
  tokens: number;
}

/** Every day of the period, those without use too, the oldest first. */
export function dailyBars(period: Period, sums: readonly SumResponse[]): Bar[] {
  const tokens = new Map(sums.map((sum) => [sum.key, sum.tokens_charged]));
  return Array.from({ length: Math.max(0, daysOf(period)) }, (_, index) => {
    const key = shifted(period.from, index);
    return { key, tokens: tokens.get(key) ?? 0 };
  });
}

const HOUR_MILLISECONDS = 3_600_000;

/** Every hour between the first and the last one with use, the oldest first. */
export function hourlyBars(sums: readonly SumResponse[]): Bar[] {
  const used = sums.map((sum) => ({ at: Date.parse(sum.key), tokens: sum.tokens_charged }));
  if (used.length === 0) return [];
  const tokens = new Map(used.map(({ at, tokens: charged }) => [at, charged]));
  const first = Math.min(...tokens.keys());
  const last = Math.max(...tokens.keys());
  return Array.from({ length: (last - first) / HOUR_MILLISECONDS + 1 }, (_, index) => {
    const at = first + index * HOUR_MILLISECONDS;
    return { key: new Date(at).toISOString(), tokens: tokens.get(at) ?? 0 };
  });
}

export interface ModelShare {
  model: string;
  tokens: number;
  requests: number;
  /** Of all tokens of the period, in percent. */
  percent: number;
}

/** By tokens, the most first. */
export function modelShares(sums: readonly SumResponse[]): ModelShare[] {
  const all = sums.reduce((sum, one) => sum + one.tokens_charged, 0);
  return sums
    .toSorted((one, other) => other.tokens_charged - one.tokens_charged)
    .map((sum) => ({
      model: sum.key,
      tokens: sum.tokens_charged,
      requests: sum.requests,
      percent: all === 0 ? 0 : (100 * sum.tokens_charged) / all,
    }));
}

/** The same route answers single calls and sums. */
export function sumsOf(
  answer: unknown,
  group: HistorySumsResponse['group_by'],
): HistorySumsResponse | undefined {
  const sums = answer as Partial<HistorySumsResponse> | undefined;
  return sums?.group_by === group ? (sums as HistorySumsResponse) : undefined;
}
