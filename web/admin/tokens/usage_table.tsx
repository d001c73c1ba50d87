/** The chart's figures as a table: summed by key, or bucket by bucket. */

import { SegmentedControl } from '@mantine/core';
import type { StatsResponse, StatsRowResponse } from '@shared/api/admin.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { SectionCard } from '@shared/components/section_card';
import { useTableState } from '@shared/data/use_table_state';
import type { Formats } from '@shared/formats';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { commonTexts, usageTexts } from '@shared/i18n';
import type { Language } from '@shared/i18n/texts';
import { useFormats } from '@shared/session/use_formats';
import { useMemo, useState } from 'react';
import { localPage } from '../tables/local_page';
import { writeBucketInFull } from './buckets';
import { type KeySums, summarise } from './pivot';

type SplitName = 'none' | 'model' | 'plan' | 'front_end' | 'user';

interface UsageTableProps {
  stats: StatsResponse | undefined;
  split: SplitName;
  error: unknown;
  fetching: boolean;
  onRetry: () => void;
}

const SUMMARY_ORDER = { sort: { column: 'tokens_charged', descending: true } };
const TIME_ORDER = { sort: { column: 'bucket_start', descending: true } };

export function UsageTable(props: UsageTableProps) {
  const t = useTexts(usageTexts);
  const [view, setView] = useState<'summary' | 'time'>('summary');
  const summary = props.split !== 'none' && view === 'summary';
  return (
    <SectionCard
      title={t.tableTitle}
      actions={
        props.split !== 'none' && (
          <SegmentedControl
            size="xs"
            aria-label={t.view}
            value={view}
            onChange={(value) => setView(value as 'summary' | 'time')}
            data={[
              { value: 'summary', label: t.summary },
              { value: 'time', label: t.byTime },
            ]}
          />
        )
      }
    >
      {summary ? <Summary {...props} /> : <ByTime {...props} />}
    </SectionCard>
  );
}

function Summary({ stats, split, error, fetching, onRetry }: UsageTableProps) {
  const t = useTexts(usageTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const state = useTableState(SUMMARY_ORDER);
  const sums = useMemo(() => stats && summarise(stats.data), [stats]);
  const columns: Column<KeySums>[] = [
    {
      accessor: 'label',
      title: t.splits[split],
      sortable: true,
      render: (row) => row.label ?? t.rest[split],
    },
    ...figures<KeySums>(t, formats, language),
    {
      accessor: 'share_percent',
      title: t.share,
      textAlign: 'right',
      render: (row) => formats.percent(row.share_percent),
    },
  ];
  return (
    <DataTable
      label={t.tableTitle}
      columns={columns}
      rows={sums && localPage(sums, state, (row, column) => row[column as keyof KeySums])}
      rowKey={(row) => row.key ?? ''}
      fetching={fetching}
      error={error}
      onRetry={onRetry}
      sort={state.sort}
      onSort={state.setSort}
      numbered={{ ...state, total: sums?.length, onPage: state.setPage, onPageSize: state.setPageSize }}
    />
  );
}

function ByTime({ stats, split, error, fetching, onRetry }: UsageTableProps) {
  const t = useTexts(usageTexts);
  const none = useTexts(commonTexts).notAvailable;
  const formats = useFormats();
  const { language } = useLanguage();
  const state = useTableState(TIME_ORDER);
  const unit = stats?.group_by ?? 'day';
  const columns: Column<StatsRowResponse>[] = [
    {
      accessor: 'bucket_start',
      title: t.start,
      sortable: true,
      render: (row) => writeBucketInFull(row.bucket, unit, language),
    },
    ...(split === 'none'
      ? []
      : [
          {
            accessor: 'label',
            title: t.splits[split],
            sortable: true,
            render: (row: StatsRowResponse) => row.label ?? t.rest[split],
          },
        ]),
    ...figures<StatsRowResponse>(t, formats, language),
    {
      accessor: 'p95_ms',
      title: t.p95,
      textAlign: 'right',
      sortable: true,
      render: (row) => (row.p95_ms === null ? none : formats.milliseconds(row.p95_ms)),
    },
  ];
  return (
    <DataTable
      label={t.tableTitle}
      columns={columns}
      rows={
        stats &&
        localPage(
          stats.data,
          state,
          (row, column) => row[column as keyof StatsRowResponse] as string | number,
        )
      }
      rowKey={(row) => `${row.bucket_start} ${row.key}`}
      fetching={fetching}
      error={error}
      onRetry={onRetry}
      sort={state.sort}
      onSort={state.setSort}
      numbered={{
        ...state,
        total: stats?.data.length,
        onPage: state.setPage,
        onPageSize: state.setPageSize,
      }}
    />
  );
}

type Figures = Pick<KeySums, 'requests' | 'input_tokens' | 'output_tokens' | 'tokens_charged' | 'cost_usd'>;

function figures<T extends Figures>(
  t: (typeof usageTexts)[Language],
  formats: Formats,
  language: Language,
): Column<T>[] {
  const column = (accessor: keyof Figures & string, title: string, write: (value: number) => string) => ({
    accessor,
    title,
    sortable: true,
    textAlign: 'right' as const,
    render: (row: T) => write(row[accessor]),
  });
  return [
    column('requests', t.requests, formats.integer),
    column('input_tokens', t.input, formats.integer),
    column('output_tokens', t.output, formats.integer),
    column('tokens_charged', t.tokensCharged, formats.integer),
    column('cost_usd', t.cost, (value) => writeDollars(value, language)),
  ];
}

/** "US$ 1.250,00"; what LiteLLM reports is in dollars. */
export function writeDollars(value: number, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'currency', currency: 'USD' }).format(value);
}
