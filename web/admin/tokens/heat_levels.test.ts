import type { HeatCellResponse } from '@shared/api/admin.gen';
import { expect, test } from 'vitest';
import { heatWeek } from './heat_levels';

function week(used: Record<string, [tokens: number, days: number]>): HeatCellResponse[] {
  return Array.from({ length: 168 }, (_, place) => {
    const weekday = Math.floor(place / 24) + 1;
    const hour = place % 24;
    const [tokens_charged, days] = used[`${weekday} ${hour}`] ?? [0, 4];
    return { weekday, hour, requests: tokens_charged ? 1 : 0, tokens_charged, days };
  });
}

test('the colour is of the mean, not of how often the weekday occurs', () => {
  const { days, greatest } = heatWeek(week({ '1 9': [500, 5], '7 23': [400, 2] }));
  expect(greatest).toMatchObject({ weekday: 7, hour: 23, mean: 200, level: 5 });
  expect(days[0]?.[9]).toMatchObject({ mean: 100, level: 3 });
  expect(days[0]?.[10]?.level).toBe(0);
  expect(days.map((day) => day.length)).toEqual([24, 24, 24, 24, 24, 24, 24]);
});

test('the least use is still seen', () => {
  expect(heatWeek(week({ '2 0': [1, 1], '3 0': [1_000_000, 1] })).days[1]?.[0]?.level).toBe(1);
});

test('a week without use has no greatest hour', () => expect(heatWeek(week({})).greatest).toBeNull());
