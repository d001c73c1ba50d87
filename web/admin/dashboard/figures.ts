/** The twelve figures: how each is written, and what it compares with. Pure. */

import type { DashboardResponse, PreviousResponse } from '@shared/api/admin.gen';
import type { Comparison } from '@shared/components/metric_card';
import type { Formats } from '@shared/formats';

export type Metric = Exclude<
  keyof DashboardResponse,
  'previous' | 'services' | 'top_consumers' | 'generated_at' | 'timezone'
>;
export type Group = 'users' | 'tokens' | 'money' | 'system';
type PeriodName = 'yesterday' | 'lastMonth' | 'sameTime';

interface Figure {
  metric: Metric;
  write: (formats: Formats, value: number) => string;
  more: NonNullable<Comparison['more']>;
  period: PeriodName;
}

const integer = (formats: Formats, value: number) => formats.integer(value);
const compact = (formats: Formats, value: number) => formats.compact(value);
const money = (formats: Formats, value: number) => formats.money(value);
const time = (formats: Formats, value: number) => formats.milliseconds(value);
const ratio = (formats: Formats, value: number) => formats.percent(value * 100);

export const GROUPS: Record<Group, readonly Figure[]> = {
  users: [
    { metric: 'total_users', write: integer, more: 'good', period: 'yesterday' },
    { metric: 'active_users_today', write: integer, more: 'good', period: 'yesterday' },
    { metric: 'new_users_today', write: integer, more: 'good', period: 'yesterday' },
  ],
  tokens: [
    { metric: 'tokens_consumed_today', write: compact, more: 'neutral', period: 'yesterday' },
    { metric: 'tokens_remaining_total', write: compact, more: 'neutral', period: 'yesterday' },
    { metric: 'average_tokens_per_user', write: compact, more: 'neutral', period: 'yesterday' },
  ],
  money: [
    { metric: 'revenue_today', write: money, more: 'good', period: 'yesterday' },
    { metric: 'revenue_month', write: money, more: 'good', period: 'lastMonth' },
    { metric: 'credits_purchased_today', write: integer, more: 'good', period: 'yesterday' },
  ],
  system: [
    { metric: 'proxy_response_time', write: time, more: 'bad', period: 'sameTime' },
    { metric: 'litellm_response_time', write: time, more: 'bad', period: 'sameTime' },
    { metric: 'error_rate', write: ratio, more: 'bad', period: 'sameTime' },
  ],
};

/** Whether there was any call in the five minutes that the system's figures speak of: they are 0 without one. */
export function hadCalls(
  figures: Pick<PreviousResponse, 'proxy_response_time' | 'litellm_response_time' | 'error_rate'>,
): boolean {
  return figures.proxy_response_time > 0 || figures.litellm_response_time > 0 || figures.error_rate > 0;
}

/** The two values to compare, or null where the one before is not known or says nothing. */
export function comparable(
  group: Group,
  metric: Metric,
  figures: DashboardResponse,
): { now: number; before: number } | null {
  const before = figures.previous[metric];
  if (before === null || before === undefined) return null;
  if (group === 'system' && !(hadCalls(figures) && hadCalls(figures.previous) && before > 0)) return null;
  return { now: figures[metric], before };
}
