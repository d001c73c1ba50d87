/** The administration's first page: today's twelve figures. */

import { SimpleGrid, Stack, Title } from '@mantine/core';
import type { DashboardAnswer } from '@shared/api/admin.gen';
import { ErrorMessage } from '@shared/components/messages';
import { MetricCard } from '@shared/components/metric_card';
import { PageHeader } from '@shared/components/page_header';
import type { Formats } from '@shared/formats';
import { dashboardTexts } from '@shared/i18n/dashboard';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';

type Metric = Exclude<
  keyof DashboardAnswer,
  'previous' | 'services' | 'top_consumers' | 'generated_at' | 'timezone'
>;
type Group = 'users' | 'tokens' | 'money' | 'system';

const REFRESH_SECONDS = 30;

const GROUPS: Record<Group, readonly [Metric, (formats: Formats, value: number) => string][]> = {
  users: [
    ['total_users', (formats, value) => formats.integer(value)],
    ['active_users_today', (formats, value) => formats.integer(value)],
    ['new_users_today', (formats, value) => formats.integer(value)],
  ],
  tokens: [
    ['tokens_consumed_today', (formats, value) => formats.compact(value)],
    ['tokens_remaining_total', (formats, value) => formats.compact(value)],
    ['average_tokens_per_user', (formats, value) => formats.compact(value)],
  ],
  money: [
    ['revenue_today', (formats, value) => formats.money(value)],
    ['revenue_month', (formats, value) => formats.money(value)],
    ['credits_purchased_today', (formats, value) => formats.integer(value)],
  ],
  system: [
    ['proxy_response_time', (formats, value) => formats.milliseconds(value)],
    ['litellm_response_time', (formats, value) => formats.milliseconds(value)],
    ['error_rate', (formats, value) => formats.percent(value * 100)],
  ],
};

export default function DashboardPage() {
  const t = useTexts(dashboardTexts);
  const formats = useFormats();
  const dashboard = useRead('GET /admin/dashboard', undefined, { refreshSeconds: REFRESH_SECONDS });
  const figures = dashboard.data;
  if (dashboard.error && !figures) {
    return <ErrorMessage error={dashboard.error} onRetry={() => void dashboard.refetch()} order={1} />;
  }
  return (
    <>
      <PageHeader title={t.title} lead={t.lead} />
      <Stack gap="lg">
        {(Object.keys(GROUPS) as Group[]).map((group) => (
          <section key={group}>
            <Title order={2} mb="xs">
              {t[group]}
            </Title>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
              {GROUPS[group].map(([metric, write]) => (
                <MetricCard
                  key={metric}
                  label={t.metrics[metric]}
                  value={figures && write(formats, figures[metric])}
                  note={group === 'system' ? t.lastMinutes : undefined}
                />
              ))}
            </SimpleGrid>
          </section>
        ))}
      </Stack>
    </>
  );
}
