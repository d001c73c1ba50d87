import { expect, test } from 'vitest';
import { daysOf, isDay, lastDays, periodOf, shifted, todayIn } from './period';

test("today is the customer's day, not the browser's", () => {
  const instant = new Date('2026-11-23T02:05:00Z');
  expect(todayIn('America/Sao_Paulo', instant)).toBe('2026-11-22');
  expect(todayIn('UTC', instant)).toBe('2026-11-23');
});

test.each([
  ['today', '2026-03-01', '2026-03-01'],
  ['yesterday', '2026-02-28', '2026-02-28'],
  ['week', '2026-02-23', '2026-03-01'],
  ['thirty', '2026-01-31', '2026-03-01'],
  ['month', '2026-03-01', '2026-03-01'],
  ['last_month', '2026-02-01', '2026-02-28'],
  ['year', '2026-01-01', '2026-03-01'],
] as const)('%s', (preset, from, to) => {
  expect(periodOf(preset, '2026-03-01')).toEqual({ from, to });
});

test('the month before January is the December before', () => {
  expect(periodOf('last_month', '2026-01-15')).toEqual({ from: '2025-12-01', to: '2025-12-31' });
});

test('both ends count', () => {
  expect(daysOf({ from: '2026-02-27', to: '2026-03-01' })).toBe(3);
  expect(shifted('2024-02-28', 1)).toBe('2024-02-29');
});

test('a long range is cut at its beginning', () => {
  const period = { from: '2026-01-01', to: '2026-03-31' };
  expect(lastDays(period, 62)).toEqual({ from: '2026-01-29', to: '2026-03-31' });
  expect(lastDays(period, 400)).toBe(period);
});

test('only real days are days', () => {
  expect(isDay('2026-02-28')).toBe(true);
  expect(isDay('2026-02-30')).toBe(false);
  expect(isDay('28/02/2026')).toBe(false);
  expect(isDay('')).toBe(false);
});
