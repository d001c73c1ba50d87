import { Text } from '@mantine/core';
import type { StaffTransactionResponse } from '@shared/api/admin.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { EmptyMessage } from '@shared/components/messages';
import { SectionCard } from '@shared/components/section_card';
import { useCursorPages } from '@shared/data/use_cursor_pages';
import { useTexts } from '@shared/i18n/language';
import { userTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';
import classes from './user.module.css';

const ROWS = 20;

/** What was added to the credits and taken from them. */
export default function CreditsSection({ id }: { id: string }) {
  const t = useTexts(userTexts).credits;
  const formats = useFormats();
  const cursor = useCursorPages();
  const transactions = useRead('GET /admin/credits/transactions', {
    query: { user_id: id, limit: ROWS, cursor: cursor.cursor ?? null },
  });
  const columns: Column<StaffTransactionResponse>[] = [
    {
      accessor: 'created_at',
      title: t.when,
      render: (row) => (
        <>
          {formats.dateTime(row.created_at)}
          <Text size="xs" c="dimmed" hiddenFrom="sm">
            {t.types[row.transaction_type]}
          </Text>
        </>
      ),
    },
    {
      accessor: 'transaction_type',
      title: t.type,
      visibleMediaQuery: '(min-width: 48em)',
      render: (row) => t.types[row.transaction_type],
    },
    {
      accessor: 'tokens_added',
      title: t.tokens,
      textAlign: 'right',
      render: (row) => (row.tokens_added > 0 ? '+' : '') + formats.integer(row.tokens_added),
    },
    {
      accessor: 'amount_paid',
      title: t.paid,
      textAlign: 'right',
      render: (row) => (row.amount_paid === 0 ? '–' : formats.money(row.amount_paid)),
    },
    {
      accessor: 'note',
      title: t.note,
      noWrap: false,
      render: (row) => (
        <div className={classes.cell}>
          {row.note || '–'}
          {row.ticket_number && (
            <Text size="xs" c="dimmed">
              {t.ticket(row.ticket_number)}
            </Text>
          )}
        </div>
      ),
    },
    { accessor: 'actor_name', title: t.by, render: (row) => row.actor_name ?? t.system },
  ];
  return (
    <SectionCard title={t.title}>
      <DataTable
        label={t.title}
        columns={columns}
        rows={transactions.data?.data}
        rowKey={(row) => row.id}
        fetching={transactions.isPlaceholderData}
        error={transactions.error}
        onRetry={() => void transactions.refetch()}
        cursor={cursor.pages(transactions.data?.next_cursor)}
        empty={<EmptyMessage title={t.emptyTitle} text={t.emptyText} />}
      />
    </SectionCard>
  );
}
