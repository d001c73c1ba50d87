/** Tokens used: over time, by what they were used for, and by the hours of the week. */

import { Button, Card, Group, Select, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import type { Split, StatsResponse, Unit } from '@shared/api/admin.gen';
import { addressOf } from '@shared/api/client';
import { Chart, type Series } from '@shared/charts/charts';
import { EmptyMessage, ErrorMessage } from '@shared/components/messages';
import { MetricCard } from '@shared/components/metric_card';
import { PageHeader } from '@shared/components/page_header';
import { SectionCard } from '@shared/components/section_card';
import { TimeZoneNote } from '@shared/components/time_zone_note';
import { useTableState } from '@shared/data/use_table_state';
import { commonTexts, formTexts, usageTexts } from '@shared/i18n';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { IconChart, IconDownload } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import { useMemo } from 'react';
import { useRead } from '../api';
import { daysOf, type Period } from '@shared/period/period';
import { PeriodPicker } from '@shared/period/period_picker';
import { usePeriod } from '@shared/period/use_period';
import { writeBucket, writeBucketInFull } from './buckets';
import { HeatMapCard } from './heat_map';
import { pivot } from './pivot';
import { UsageTable, writeDollars } from './usage_table';

type SplitName = Split | 'none';

const UNITS: readonly Unit[] = ['hour', 'day', 'week', 'month'];
const SPLITS: readonly SplitName[] = ['none', 'model', 'plan', 'front_end', 'user'];
const MOST_DAYS_BY_HOUR = 62;
const MOST_USERS = 20;
const CHART_PIXELS = 300;
// More bars than this are thinner than their gaps.
const MOST_BARS = 62;
const NO_ORDER = { sort: { column: 'bucket_start', descending: true } };

/** What the page is asked to show, from its address. */
function useAsked() {
  const state = useTableState(NO_ORDER);
  const when = usePeriod({ initial: 'thirty' });
  const period = when.period as Period;
  const asked = UNITS.find((one) => one === state.filter('por')) ?? 'day';
  const tooLong = asked === 'hour' && daysOf(period) > MOST_DAYS_BY_HOUR;
  const split: SplitName = SPLITS.find((one) => one === state.filter('separar')) ?? 'none';
  const query = { ...period, group_by: tooLong ? ('day' as const) : asked };
  const splitQuery = split === 'none' ? query : { ...query, split_by: split, top: MOST_USERS };
  return { state, when, period, asked, tooLong, split, query, splitQuery };
}
type Asked = ReturnType<typeof useAsked>;

export default function TokensPage() {
  const t = useTexts(usageTexts);
  const forms = useTexts(formTexts);
  const asked = useAsked();
  const { split, period } = asked;
  const totals = useRead('GET /admin/usage/stats', { query: asked.query });
  const rows = useRead('GET /admin/usage/stats', { query: asked.splitQuery });
  // The former answer stays in view while the next one comes; it may be split by something else.
  const fitting = rows.data?.split_by === (split === 'none' ? null : split) ? rows.data : undefined;
  const refetch = () => void Promise.all([totals.refetch(), rows.refetch()]);
  const error = (!totals.data && totals.error) || (!fitting && rows.error);
  return (
    <>
      <PageHeader title={t.title} lead={<TimeZoneNote />}>
        <Button
          component="a"
          href={addressOf('GET /admin/usage/stats', { query: { ...asked.splitQuery, format: 'csv' } })}
          download
          variant="default"
          leftSection={<IconDownload size={18} />}
        >
          {forms.exportCsv}
        </Button>
      </PageHeader>
      <Stack>
        <Choices {...asked} />
        {error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : (
          <>
            <Figures stats={totals.data} />
            <TimeChart totals={totals.data} rows={fitting} split={split} />
          </>
        )}
        {!error && totals.data?.totals.requests !== 0 && (
          <>
            <HeatMapCard period={period} />
            <UsageTable
              stats={fitting}
              split={split}
              error={rows.error}
              fetching={rows.isFetching}
              onRetry={refetch}
            />
          </>
        )}
      </Stack>
    </>
  );
}

function Choices({ state, when, asked, tooLong, split }: Asked) {
  const t = useTexts(usageTexts);
  return (
    <Card>
      <Group align="flex-start">
        <PeriodPicker state={when} />
        <Select
          label={t.unit}
          data={UNITS.map((value) => ({ value, label: t.units[value] }))}
          value={asked}
          onChange={(value) => state.setFilters({ por: value === 'day' ? '' : (value ?? '') })}
          allowDeselect={false}
          w={{ base: '100%', xs: 140 }}
        />
        <Select
          label={t.split}
          data={SPLITS.map((value) => ({ value, label: t.splits[value] }))}
          value={split}
          onChange={(value) =>
            state.setFilters({ separar: value === 'none' ? '' : (value ?? ''), ordem: '' })
          }
          allowDeselect={false}
          w={{ base: '100%', xs: 160 }}
        />
      </Group>
      {tooLong && (
        <Text size="sm" c="dimmed" mt="xs" component="output" display="block">
          {t.unitTooLong(MOST_DAYS_BY_HOUR)}
        </Text>
      )}
    </Card>
  );
}

function Figures({ stats }: { stats: StatsResponse | undefined }) {
  const t = useTexts(usageTexts);
  const none = useTexts(commonTexts).notAvailable;
  const formats = useFormats();
  const { language } = useLanguage();
  const sums = stats?.totals;
  const optional = (value: number | null, write: (value: number) => string) =>
    value === null ? none : write(value);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
      <MetricCard
        label={t.tokensCharged}
        value={sums && formats.compact(sums.tokens_charged)}
        note={sums && t.requestsCount(sums.requests, formats.integer(sums.requests))}
      />
      <MetricCard label={t.cost} value={sums && writeDollars(sums.cost_usd, language)} note={t.costNote} />
      <MetricCard
        label={t.errorRate}
        value={sums && optional(sums.error_rate, (rate) => formats.percent(rate * 100))}
        note={t.errorNote}
      />
      <MetricCard
        label={t.p95}
        value={sums && optional(sums.p95_ms, formats.milliseconds)}
        note={t.p95Note}
      />
    </SimpleGrid>
  );
}

interface TimeChartProps {
  totals: StatsResponse | undefined;
  rows: StatsResponse | undefined;
  split: SplitName;
}

function TimeChart({ totals, rows, split }: TimeChartProps) {
  const t = useTexts(usageTexts);
  const forms = useTexts(formTexts).period;
  const formats = useFormats();
  const { language } = useLanguage();
  const drawn = useMemo(() => {
    if (!totals || !rows) return null;
    return pivot(totals.data, rows.data, (bucket) => writeBucket(bucket, totals.group_by, language));
  }, [totals, rows, language]);
  const content = () => {
    if (!totals || !drawn) return <Skeleton height={CHART_PIXELS} />;
    if (totals.totals.requests === 0) {
      return <EmptyMessage icon={IconChart} title={t.emptyTitle} text={t.emptyText} />;
    }
    const series: Series[] = drawn.shown.map(({ label }, place) => ({
      name: `s${place}`,
      label: label ?? (split === 'none' ? t.tokensCharged : t.rest[split]),
      color: `var(--solaris-chart-${place + 1})`,
    }));
    if (drawn.hasRest) series.push({ name: 'rest', label: t.others, color: 'var(--solaris-chart-5)' });
    const peak = totals.data.reduce((most, row) => (row.tokens_charged > most.tokens_charged ? row : most));
    return (
      <Chart
        kind={drawn.rows.length > MOST_BARS ? 'area' : 'bar'}
        stacked
        rows={drawn.rows}
        labelKey="bucket"
        series={series}
        height={CHART_PIXELS}
        format={formats.compact}
        description={t.chartDescription(
          forms.span(formats.date(totals.from), formats.date(totals.to)),
          formats.integer(totals.totals.tokens_charged),
          formats.integer(peak.tokens_charged),
          writeBucketInFull(peak.bucket, totals.group_by, language),
        )}
      />
    );
  };
  return <SectionCard title={t.chartTitle}>{content()}</SectionCard>;
}
