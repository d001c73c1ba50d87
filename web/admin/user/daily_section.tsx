import { Center, Skeleton, Text } from '@mantine/core';
import { Chart } from '@shared/charts/charts';
import { ErrorMessage } from '@shared/components/messages';
import { SectionCard } from '@shared/components/section_card';
import { useTexts } from '@shared/i18n/language';
import { userTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';

const CHART_PIXELS = 240;

/** Tokens of each of the last thirty days. */
export function DailySection({ id }: { id: string }) {
  const t = useTexts(userTexts).daily;
  const formats = useFormats();
  const daily = useRead('GET /admin/users/{id}/daily', { path: { id } });
  const days = daily.data?.data;
  if (daily.error && !days) {
    return (
      <SectionCard title={t.title}>
        <ErrorMessage error={daily.error} onRetry={() => void daily.refetch()} />
      </SectionCard>
    );
  }
  const total = days?.reduce((sum, day) => sum + day.tokens_used, 0) ?? 0;
  const span = formats.integer(days?.length ?? 0);
  return (
    <SectionCard
      title={t.title}
      actions={
        total > 0 && (
          <Text size="sm" c="dimmed">
            {t.sum(total, formats.integer(total), span)}
          </Text>
        )
      }
    >
      {days === undefined ? (
        <Skeleton height={CHART_PIXELS} />
      ) : total === 0 ? (
        <Center h={CHART_PIXELS}>
          <Text c="dimmed">{t.quiet}</Text>
        </Center>
      ) : (
        <Chart
          kind="bar"
          rows={days.map((day) => ({
            // The year is the same for nearly all of them, and thirty labels have little room.
            day: formats.date(day.usage_date).slice(0, 5),
            tokens: day.tokens_used,
          }))}
          labelKey="day"
          series={[{ name: 'tokens', label: t.used, color: 'var(--solaris-chart-1)' }]}
          format={(value) => formats.compact(value)}
          height={CHART_PIXELS}
          description={t.describe(total, formats.integer(total), span)}
        />
      )}
    </SectionCard>
  );
}
