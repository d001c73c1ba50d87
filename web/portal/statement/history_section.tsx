/** The calls of the period, the newest first. */

import { Anchor } from '@mantine/core';
import type { PageReceiptResponse, ReceiptResponse } from '@shared/api/proxy.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { EmptyMessage } from '@shared/components/messages';
import { SectionCard } from '@shared/components/section_card';
import type { CursorState } from '@shared/data/use_cursor_pages';
import type { Formats } from '@shared/formats';
import { useTexts } from '@shared/i18n/language';
import { statementTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';
import type { StatementQuery } from './course_section';

const ROWS = 20;
// On a phone what a call cost comes first; its receipt tells the rest.
const WIDE = '(min-width: 48em), print';
const WIDE_SCREEN = 'screen and (min-width: 48em)';

interface HistorySectionProps {
  query: StatementQuery;
  pages: CursorState;
  onOpen: (requestId: string) => void;
}

export default function HistorySection({ query, pages, onOpen }: HistorySectionProps) {
  const t = useTexts(statementTexts);
  const formats = useFormats();
  const read = useRead('GET /api/tokens/history', {
    query: { ...query, limit: ROWS, ...(pages.cursor ? { cursor: pages.cursor } : {}) },
  });
  const answer = read.data as PageReceiptResponse | undefined;
  return (
    <SectionCard title={t.history}>
      <DataTable
        label={t.history}
        columns={columnsOf(t, formats, onOpen)}
        rows={answer?.data}
        rowKey={(row) => row.request_id}
        fetching={read.isPlaceholderData}
        error={read.error}
        onRetry={() => void read.refetch()}
        cursor={pages.pages(answer?.next_cursor)}
        empty={<EmptyMessage title={t.emptyTitle} text={t.emptyText} order={3} />}
      />
    </SectionCard>
  );
}

type Texts = ReturnType<typeof useTexts<(typeof statementTexts)['pt-BR']>>;

function columnsOf(
  t: Texts,
  formats: Formats,
  onOpen: (requestId: string) => void,
): Column<ReceiptResponse>[] {
  return [
    {
      accessor: 'occurred_at',
      noWrap: false,
      title: t.when,
      render: (row) => (
        <Anchor
          component="button"
          type="button"
          size="sm"
          ta="left"
          aria-label={t.openReceipt(formats.dateTime(row.occurred_at))}
          onClick={() => onOpen(row.request_id)}
        >
          {formats.dateTime(row.occurred_at)}
        </Anchor>
      ),
    },
    { accessor: 'model_asked', title: t.model, noWrap: false },
    {
      accessor: 'input_tokens',
      visibleMediaQuery: WIDE,
      title: t.input,
      textAlign: 'right',
      render: (row) => formats.integer(row.input_tokens),
    },
    {
      accessor: 'output_tokens',
      visibleMediaQuery: WIDE,
      title: t.output,
      textAlign: 'right',
      render: (row) => formats.integer(row.output_tokens),
    },
    {
      accessor: 'tokens_charged',
      title: t.cost,
      textAlign: 'right',
      render: (row) => <strong>{formats.integer(row.tokens_charged)}</strong>,
    },
    {
      accessor: 'tokens_remaining',
      visibleMediaQuery: WIDE,
      title: t.remaining,
      textAlign: 'right',
      render: (row) => formats.integer(row.tokens_remaining),
    },
    {
      accessor: 'client',
      title: t.client,
      visibleMediaQuery: WIDE_SCREEN,
      render: (row) => row.client ?? '–',
    },
  ];
}
