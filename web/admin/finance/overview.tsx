/** The figures of one period beside those of the period before. */

import { Button, Card, Group, Select, SimpleGrid, Skeleton, Stack } from '@mantine/core';
import type { FinanceResponse, FinanceUnit } from '@shared/api/admin.gen';
import { Chart } from '@shared/charts/charts';
import { EmptyMessage, ErrorMessage } from '@shared/components/messages';
import { type Comparison, MetricCard } from '@shared/components/metric_card';
import { SectionCard } from '@shared/components/section_card';
import { useTableState } from '@shared/data/use_table_state';
import { commonTexts, financeTexts, formTexts } from '@shared/i18n';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { IconMoney } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useRead } from '../api';
import { paths } from '../paths';
import type { Period } from '@shared/period/period';
import { PeriodPicker } from '@shared/period/period_picker';
import { usePeriod } from '@shared/period/use_period';
import { writeBucket } from '../tokens/buckets';
import { ByPackage, ByType } from './breakdown';

const MOST_DAYS = 800;
const CHART_PIXELS = 240;
const NO_ORDER = { sort: { column: 'first_day', descending: true } };

export function Overview() {
  const t = useTexts(financeTexts);
  const when = usePeriod({ initial: 'thirty', mostDays: MOST_DAYS });
  const state = useTableState(NO_ORDER);
  const unit: FinanceUnit = state.filter('por') === 'month' ? 'month' : 'day';
  const read = useRead('GET /admin/finance', { query: { ...(when.period as Period), group_by: unit } });
  return (
    <Stack>
      <Card>
        <Group align="flex-start">
          <PeriodPicker state={when} />
          <Select
            label={t.unit}
            data={(['day', 'month'] as const).map((value) => ({ value, label: t.units[value] }))}
            value={unit}
            onChange={(value) => state.setFilters({ por: value === 'month' ? 'month' : '' })}
            allowDeselect={false}
            w={{ base: '100%', xs: 140 }}
          />
        </Group>
      </Card>
      {read.error && !read.data ? (
        <ErrorMessage error={read.error} onRetry={() => void read.refetch()} />
      ) : (
        <>
          <Figures report={read.data} />
          <Curves report={read.data} />
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <ByType rows={read.data?.by_type} />
            <ByPackage rows={read.data?.by_package} />
          </SimpleGrid>
        </>
      )}
    </Stack>
  );
}

type Figure = 'revenue_brl' | 'average_ticket_brl' | 'tokens_sold' | 'tokens_given' | 'credits_spent';

function Figures({ report }: { report: FinanceResponse | undefined }) {
  const t = useTexts(financeTexts);
  const common = useTexts(commonTexts);
  const period = useTexts(formTexts).period.before;
  const formats = useFormats();
  const sums = report?.totals;
  const compared = (figure: Figure, more: 'good' | 'neutral'): Comparison | undefined =>
    report && {
      now: report.totals[figure] ?? 0,
      before: report.previous[figure] ?? 0,
      period,
      more,
    };
  const ticket = sums?.average_ticket_brl;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }}>
      <MetricCard
        label={t.revenue}
        value={sums && formats.money(sums.revenue_brl)}
        note={t.revenueNote}
        comparison={compared('revenue_brl', 'good')}
      />
      <MetricCard
        label={t.ticket}
        value={sums && (ticket == null ? common.notAvailable : formats.money(ticket))}
        note={
          sums &&
          `${t.purchases(sums.purchases, formats.integer(sums.purchases))}, ${t.buyers(sums.buyers, formats.integer(sums.buyers))}`
        }
        comparison={ticket == null ? undefined : compared('average_ticket_brl', 'good')}
      />
      <Waiting report={report} />
      <MetricCard
        label={t.sold}
        value={sums && formats.compact(sums.tokens_sold)}
        comparison={compared('tokens_sold', 'good')}
      />
      <MetricCard
        label={t.given}
        value={sums && formats.compact(sums.tokens_given)}
        note={t.givenNote}
        comparison={compared('tokens_given', 'neutral')}
      />
      <MetricCard
        label={t.spent}
        value={sums && formats.compact(sums.credits_spent)}
        note={t.spentNote}
        comparison={compared('credits_spent', 'neutral')}
      />
      <TakenBack report={report} />
    </SimpleGrid>
  );
}

/** Only where something was taken back: most periods have nothing of it. */
function TakenBack({ report }: { report: FinanceResponse | undefined }) {
  const t = useTexts(financeTexts);
  const period = useTexts(formTexts).period.before;
  const formats = useFormats();
  if (!report || report.totals.tokens_taken_back + report.totals.refunds_brl === 0) return null;
  const { totals, previous } = report;
  return (
    <MetricCard
      label={t.takenBack}
      value={formats.compact(totals.tokens_taken_back)}
      note={`${t.takenBackNote}: ${formats.money(totals.refunds_brl)}`}
      comparison={{ now: totals.tokens_taken_back, before: previous.tokens_taken_back, period }}
    />
  );
}

function Waiting({ report }: { report: FinanceResponse | undefined }) {
  const t = useTexts(financeTexts);
  const formats = useFormats();
  const open = report?.open_requests;
  const oldest = open?.oldest_created_at;
  return (
    <MetricCard
      label={t.open}
      value={open && `${formats.integer(open.requests)} · ${formats.money(open.amount_brl)}`}
      note={
        open && (
          <>
            {t.openNote(formats.compact(open.tokens))}
            {oldest && `, ${t.openOldest(formats.date(oldest))}`}
            <Button
              component={Link}
              href={`${paths.requests}?situacao=pending`}
              variant="light"
              size="xs"
              mt={6}
              display="block"
              w="fit-content"
            >
              {t.openLink}
            </Button>
          </>
        )
      }
    />
  );
}

function Curves({ report }: { report: FinanceResponse | undefined }) {
  const t = useTexts(financeTexts);
  const forms = useTexts(formTexts).period;
  const formats = useFormats();
  const { language } = useLanguage();
  const drawing = (title: string, draw: (shown: FinanceResponse) => ReactNode, empty: boolean) => (
    <SectionCard title={title}>
      {report === undefined ? (
        <Skeleton height={CHART_PIXELS} />
      ) : empty ? (
        <EmptyMessage icon={IconMoney} title={t.emptyTitle} text={t.emptyText} />
      ) : (
        draw(report)
      )}
    </SectionCard>
  );
  const rows = (report?.data ?? []).map((row) => ({
    label: writeBucket(row.first_day, report?.group_by ?? 'day', language),
    revenue: row.revenue_brl,
    sold: row.tokens_sold,
    given: row.tokens_given,
    spent: row.credits_spent,
  }));
  const span = report ? forms.span(formats.date(report.from), formats.date(report.to)) : '';
  const sums = report?.totals;
  const nothingMoved = sums !== undefined && sums.tokens_sold + sums.tokens_given + sums.credits_spent === 0;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      {drawing(
        t.chartTitle,
        ({ totals }) => (
          <Chart
            kind="bar"
            rows={rows}
            labelKey="label"
            series={[{ name: 'revenue', label: t.revenue, color: 'var(--solaris-chart-3)' }]}
            format={formats.money}
            axisPixels={88}
            height={CHART_PIXELS}
            description={t.chartDescription(span, formats.money(totals.revenue_brl))}
          />
        ),
        sums !== undefined && sums.purchases === 0 && sums.revenue_brl === 0,
      )}
      {drawing(
        t.creditsTitle,
        ({ totals }) => (
          <Chart
            kind="line"
            rows={rows}
            labelKey="label"
            series={[
              { name: 'sold', label: t.sold, color: 'var(--solaris-chart-1)' },
              { name: 'given', label: t.given, color: 'var(--solaris-chart-2)' },
              { name: 'spent', label: t.spent, color: 'var(--solaris-chart-4)' },
            ]}
            format={formats.compact}
            height={CHART_PIXELS}
            description={t.creditsDescription(
              span,
              formats.integer(totals.tokens_sold),
              formats.integer(totals.tokens_given),
              formats.integer(totals.credits_spent),
            )}
          />
        ),
        nothingMoved,
      )}
    </SimpleGrid>
  );
}
