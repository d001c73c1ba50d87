import type { TransactionResponse } from '@shared/api/proxy.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { EmptyMessage } from '@shared/components/messages';
import { SectionCard } from '@shared/components/section_card';
import { useCursorPages } from '@shared/data/use_cursor_pages';
import { useTexts } from '@shared/i18n/language';
import { ownRequestsTexts } from '@shared/i18n';
import { IconWallet } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';

const ROWS = 10;

export default function TransactionsSection() {
  const t = useTexts(ownRequestsTexts);
  const pages = useCursorPages();
  const read = useRead('GET /api/credits/transactions', {
    query: { limit: ROWS, ...(pages.cursor ? { cursor: pages.cursor } : {}) },
  });
  return (
    <SectionCard title={t.transactions}>
      <DataTable
        label={t.transactions}
        columns={useColumns()}
        rows={read.data?.data}
        rowKey={(row) => row.id}
        fetching={read.isPlaceholderData}
        error={read.error}
        onRetry={() => void read.refetch()}
        cursor={pages.pages(read.data?.next_cursor)}
        expectedRows={4}
        empty={
          <EmptyMessage
            icon={IconWallet}
            title={t.noTransactionsTitle}
            text={t.noTransactionsText}
            order={3}
          />
        }
      />
    </SectionCard>
  );
}

function useColumns(): Column<TransactionResponse>[] {
  const t = useTexts(ownRequestsTexts);
  const formats = useFormats();
  return [
    { accessor: 'created_at', title: t.when, render: (row) => formats.dateTime(row.created_at) },
    { accessor: 'transaction_type', title: t.kind, render: (row) => t.kinds[row.transaction_type] },
    {
      accessor: 'tokens_added',
      title: t.tokens,
      textAlign: 'right',
      // The sign is written out: without it nothing but a reader's memory tells an addition from a withdrawal.
      render: (row) => `${row.tokens_added > 0 ? '+' : ''}${formats.integer(row.tokens_added)}`,
    },
    {
      accessor: 'amount_paid',
      title: t.paid,
      textAlign: 'right',
      render: (row) => formats.money(row.amount_paid),
    },
    { accessor: 'note', title: t.note, noWrap: false, render: (row) => row.note || '–' },
  ];
}
