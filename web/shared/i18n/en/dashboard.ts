import type { dashboard as source } from '../pt-BR/dashboard';
import type { TextsLike } from '../texts';

export const dashboard: TextsLike<typeof source> = {
  title: 'Dashboard',
  lead: 'Today in figures',
  users: 'Users',
  tokens: 'Tokens',
  money: 'Finance',
  system: 'System',
  metrics: {
    total_users: 'Users in total',
    active_users_today: 'Active today',
    new_users_today: 'New today',
    tokens_consumed_today: 'Tokens consumed today',
    tokens_remaining_total: 'Tokens remaining, all users',
    average_tokens_per_user: 'Average per active user',
    revenue_today: 'Revenue today',
    revenue_month: 'Revenue this month',
    credits_purchased_today: 'Credit purchases today',
    proxy_response_time: 'Time in the proxy',
    litellm_response_time: 'Time in LiteLLM',
    error_rate: 'Error rate',
  },
  lastMinutes: 'last 5 minutes',
};
