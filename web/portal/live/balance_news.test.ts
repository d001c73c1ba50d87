import type { CurrentTokens } from '@shared/api/proxy.gen';
import { expect, test } from 'vitest';
import { type BalanceFigures, isFigures, isGrant, withFigures } from './balance_news';

const PRESENT: CurrentTokens = {
  user_id: 'a',
  plan: 'básico',
  period: { starts_at: '2026-11-01T03:00:00Z', ends_at: '2026-12-01T03:00:00Z' },
  monthly_tokens: 100,
  tokens_used: 10,
  tokens_remaining: 90,
  allowance: { granted: 100, used: 10, left: 90 },
  credits: 0,
  held: 0,
  overage: 0,
  refused_tokens: 0,
  usage_percent: 10,
  state: 'normal',
  alert: null,
  projected_run_out_date: '2026-11-28',
  renews_at: '2026-12-01T03:00:00Z',
};
const TOLD: BalanceFigures & { cause: string } = {
  ...PRESENT,
  cause: 'charge',
  tokens_used: 85,
  tokens_remaining: 15,
  allowance: { granted: 100, used: 85, left: 15 },
  usage_percent: 85,
  state: 'alert_80',
  alert: 80,
};

test('an event changes the figures and keeps what it does not tell', () => {
  const now = withFigures(PRESENT, TOLD);
  expect(now).toEqual({ ...PRESENT, ...TOLD, cause: undefined });
  expect(now).not.toHaveProperty('cause');
  expect(withFigures(PRESENT, { ...TOLD, state: 'blocked', refused_tokens: 170 })?.refused_tokens).toBe(170);
  expect(now?.plan).toBe('básico');
  expect(now?.projected_run_out_date).toBe('2026-11-28');
});

test("nothing changes before the first answer, nor by somebody else's event", () => {
  expect(withFigures(undefined, TOLD)).toBeUndefined();
  expect(withFigures(PRESENT, { ...TOLD, user_id: 'b' })).toBe(PRESENT);
});

test('only events with figures are taken', () => {
  expect(isFigures(TOLD)).toBe(true);
  expect(isFigures({ tokens_remaining: 1 })).toBe(false);
  expect(isFigures(null)).toBe(false);
  expect(isGrant({ transaction_id: 'x', tokens_added: -5 })).toBe(true);
  expect(isGrant('x')).toBe(false);
});
