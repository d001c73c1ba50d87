import type { DashboardResponse } from '@shared/api/admin.gen';
import { describe, expect, it } from 'vitest';
import { comparable, GROUPS, hadCalls } from './figures';

const NONE = {
  total_users: 40,
  active_users_today: 0,
  new_users_today: 0,
  tokens_consumed_today: 0,
  tokens_remaining_total: 9,
  average_tokens_per_user: 0,
  revenue_today: 0,
  revenue_month: 0,
  credits_purchased_today: 0,
  proxy_response_time: 0,
  litellm_response_time: 0,
  error_rate: 0,
};
const FIGURES: DashboardResponse = {
  ...NONE,
  previous: { ...NONE, tokens_remaining_total: null, until: '', month_until: '' },
  services: {},
  top_consumers: [],
  generated_at: '2026-11-22T14:00:00Z',
  timezone: 'America/Sao_Paulo',
};

describe('the dashboard', () => {
  it('has the twelve figures', () => {
    expect(Object.values(GROUPS).flat()).toHaveLength(12);
  });

  it('compares what is known of before', () => {
    expect(comparable('users', 'total_users', FIGURES)).toEqual({ now: 40, before: 40 });
    expect(comparable('tokens', 'tokens_remaining_total', FIGURES)).toBeNull();
  });

  it('compares times only where there were calls on both sides', () => {
    expect(hadCalls(FIGURES)).toBe(false);
    const busy = { ...FIGURES, proxy_response_time: 2 };
    expect(comparable('system', 'proxy_response_time', busy)).toBeNull();
    const both = { ...busy, previous: { ...FIGURES.previous, proxy_response_time: 4 } };
    expect(comparable('system', 'proxy_response_time', both)).toEqual({ now: 2, before: 4 });
    expect(comparable('system', 'error_rate', both)).toBeNull();
  });
});
