/** Tokens charged by day, by hour where the period is one day. */

import { Group, Text } from '@mantine/core';
import type { SumResponse } from '@shared/api/proxy.gen';
import { Chart } from '@shared/charts/charts';
import { SectionCard } from '@shared/components/section_card';
import { useTexts } from '@shared/i18n/language';
import { statementTexts } from '@shared/i18n';
import { daysOf, type Period } from '@shared/period/period';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';
import { type Bar, dailyBars, hourlyBars } from './course';
import { SumsBody } from './sums_body';

export interface StatementQuery extends Period {
  model?: string;
}

const MOST_DAYS_WITHOUT_YEAR = 300;
const CHART_PIXELS = 240;
const SKELETON_PIXELS = CHART_PIXELS + 25;

export function CourseSection({ query }: { query: StatementQuery }) {
  const t = useTexts(statementTexts);
  const group = query.from === query.to ? 'hour' : 'day';
  const read = useRead('GET /api/tokens/history', { query: { ...query, group_by: group } });
  return (
    <SectionCard title={group === 'hour' ? t.byHour : t.byDay}>
      <SumsBody read={read} group={group} height={SKELETON_PIXELS}>
        {(sums, truncated) => (
          <>
            <Course query={query} sums={sums} />
            {truncated && (
              <Text size="sm" c="dimmed">
                {t.truncated}
              </Text>
            )}
          </>
        )}
      </SumsBody>
    </SectionCard>
  );
}

function Course({ query, sums }: { query: StatementQuery; sums: readonly SumResponse[] }) {
  const t = useTexts(statementTexts);
  const formats = useFormats();
  const hourly = query.from === query.to;
  const bars = hourly ? hourlyBars(sums) : dailyBars(query, sums);
  const total = bars.reduce((sum, bar) => sum + bar.tokens, 0);
  const calls = sums.reduce((sum, one) => sum + one.requests, 0);
  const most = bars.reduce<Bar>((found, bar) => (bar.tokens > found.tokens ? bar : found), {
    key: query.from,
    tokens: 0,
  });
  // Day and month are enough below a bar, unless the year could be doubted.
  const shown = daysOf(query) > MOST_DAYS_WITHOUT_YEAR ? 10 : 5;
  const label = (bar: Bar) => (hourly ? formats.time(bar.key) : formats.date(bar.key).slice(0, shown));
  const span = t.span(formats.date(query.from), formats.date(query.to));
  return (
    <>
      <Group gap="md" mb="xs">
        <Text size="sm" fw={600}>
          {t.charged(total, formats.integer(total))}
        </Text>
        <Text size="sm" c="dimmed">
          {t.calls(calls, formats.integer(calls))}
        </Text>
      </Group>
      <Chart
        kind="bar"
        height={CHART_PIXELS}
        rows={bars.map((bar) => ({ label: label(bar), tokens: bar.tokens }))}
        labelKey="label"
        series={[{ name: 'tokens', label: t.tokens, color: 'var(--solaris-chart-1)' }]}
        format={formats.compact}
        description={t.chart(span, total, formats.integer(total), formats.integer(most.tokens), label(most))}
      />
    </>
  );
}
