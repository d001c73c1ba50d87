/** The week by hours, in steps of colour. */

import type { HeatCellResponse } from '@shared/api/admin.gen';

export const LEVELS = 5;

interface HeatCell {
  weekday: number;
  hour: number;
  /** Tokens charged in this hour of such a day, in the mean. */
  mean: number;
  requests: number;
  /** 0: nothing; else 1 to `LEVELS` by fifths of the greatest mean. */
  level: number;
}

export interface HeatWeek {
  /** Seven rows from Monday, each of 24 hours. */
  days: HeatCell[][];
  greatest: HeatCell | null;
}

export function heatWeek(cells: readonly HeatCellResponse[]): HeatWeek {
  const means = cells.map(({ weekday, hour, requests, tokens_charged, days }) => ({
    weekday,
    hour,
    requests,
    mean: days === 0 ? 0 : tokens_charged / days,
    level: 0,
  }));
  const most = Math.max(0, ...means.map(({ mean }) => mean));
  for (const cell of means) cell.level = most === 0 ? 0 : Math.ceil((cell.mean / most) * LEVELS);
  const days = Array.from({ length: 7 }, (_, place) =>
    means.filter(({ weekday }) => weekday === place + 1).toSorted((one, other) => one.hour - other.hour),
  );
  return { days, greatest: most === 0 ? null : (means.find(({ mean }) => mean === most) ?? null) };
}
