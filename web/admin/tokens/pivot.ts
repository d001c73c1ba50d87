/** Usage by time and key, turned into what the chart and the table show. */

import type { StatsRowResponse } from '@shared/api/admin.gen';

export interface KeySums {
  key: string | null;
  label: string | null;
  requests: number;
  input_tokens: number;
  output_tokens: number;
  tokens_charged: number;
  cost_usd: number;
  /** Of all tokens charged, in percent. */
  share_percent: number;
}

/** Everything of one key over the whole range, the most charged first. */
export function summarise(rows: readonly StatsRowResponse[]): KeySums[] {
  const sums = new Map<string | null, KeySums>();
  for (const row of rows) {
    const sum = sums.get(row.key) ?? emptySums(row);
    sum.requests += row.requests;
    sum.input_tokens += row.input_tokens;
    sum.output_tokens += row.output_tokens;
    sum.tokens_charged += row.tokens_charged;
    sum.cost_usd += row.cost_usd;
    sums.set(row.key, sum);
  }
  const all = [...sums.values()];
  const total = all.reduce((sum, { tokens_charged }) => sum + tokens_charged, 0);
  for (const sum of all) sum.share_percent = total === 0 ? 0 : (100 * sum.tokens_charged) / total;
  return all.toSorted((one, other) => other.tokens_charged - one.tokens_charged);
}

function emptySums({ key, label }: StatsRowResponse): KeySums {
  return {
    key,
    label,
    requests: 0,
    input_tokens: 0,
    output_tokens: 0,
    tokens_charged: 0,
    cost_usd: 0,
    share_percent: 0,
  };
}

export interface ChartTable {
  rows: Record<string, string | number>[];
  /** The keys with a series of their own, in order; series `s0`, `s1`, … */
  shown: KeySums[];
  /** Whether the rest has a series, `rest`. */
  hasRest: boolean;
}

const MOST_SERIES = 5;

/**
 * A row per bucket of `totals` (which has every bucket), a series per key; keys beyond `MOST_SERIES` share the series `rest`.
 */
export function pivot(
  totals: readonly StatsRowResponse[],
  split: readonly StatsRowResponse[],
  write: (bucket: string) => string,
): ChartTable {
  const keys = summarise(split);
  const shown = keys.length > MOST_SERIES ? keys.slice(0, MOST_SERIES - 1) : keys;
  const hasRest = keys.length > shown.length;
  const places = new Map(shown.map(({ key }, place) => [key, place]));
  const rows = totals.map(({ bucket }) => {
    const row: Record<string, string | number> = { bucket: write(bucket) };
    shown.forEach((_, place) => {
      row[`s${place}`] = 0;
    });
    if (hasRest) row.rest = 0;
    return row;
  });
  const byBucket = new Map(totals.map(({ bucket_start }, place) => [bucket_start, rows[place]]));
  for (const { bucket_start, key, tokens_charged } of split) {
    const row = byBucket.get(bucket_start);
    const place = places.get(key);
    const series = place === undefined ? 'rest' : `s${place}`;
    if (row) row[series] = Number(row[series] ?? 0) + tokens_charged;
  }
  return { rows, shown, hasRest };
}
