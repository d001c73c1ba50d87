/** Every credit transaction, newest first. */

import { Card, Group, Select, Stack, Text } from '@mantine/core';
import type { StaffTransactionResponse } from '@shared/api/admin.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { EmptyMessage } from '@shared/components/messages';
import { SectionCard } from '@shared/components/section_card';
import { useCursorPages } from '@shared/data/use_cursor_pages';
import { useTableState } from '@shared/data/use_table_state';
import { commonTexts, financeTexts, formTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';
import { UserPicker } from '../forms/user_picker';
import { PeriodPicker } from '@shared/period/period_picker';
import { usePeriod } from '@shared/period/use_period';

const TYPES = ['purchase', 'bonus', 'adjustment', 'refund', 'compensation'] as const;
const ROWS_PER_PAGE = 20;
const NEWEST = { sort: { column: 'created_at', descending: true } };

export function Transactions() {
  const t = useTexts(financeTexts);
  const forms = useTexts(formTexts);
  const common = useTexts(commonTexts);
  const state = useTableState(NEWEST);
  const { cursor, pages, reset } = useCursorPages();
  const when = usePeriod({ initial: 'any', onChange: reset });
  const type = TYPES.find((one) => one === state.filter('tipo')) ?? null;
  const user = state.filter('usuario');
  const read = useRead('GET /admin/credits/transactions', {
    query: {
      ...when.period,
      transaction_type: type,
      user_id: user || null,
      limit: ROWS_PER_PAGE,
      cursor: cursor ?? null,
    },
  });
  const filter = (values: Record<string, string>) => {
    reset();
    state.setFilters(values);
  };
  const columns = useTransactionColumns();
  return (
    <Stack>
      <Card>
        <Group align="flex-start">
          <PeriodPicker state={when} withAny />
          <Select
            label={t.type}
            data={[
              { value: 'all', label: forms.all },
              ...TYPES.map((value) => ({ value, label: t.types[value] })),
            ]}
            value={type ?? 'all'}
            onChange={(value) => filter({ tipo: value === 'all' ? '' : (value ?? '') })}
            allowDeselect={false}
            w={{ base: '100%', xs: 160 }}
          />
          <UserPicker value={user} onChange={(id) => filter({ usuario: id })} />
        </Group>
      </Card>
      <SectionCard title={t.transactionsTitle}>
        <DataTable
          label={t.transactionsTitle}
          columns={columns}
          rows={read.data?.data}
          rowKey={(row) => row.id}
          fetching={read.isFetching}
          error={read.error}
          onRetry={() => void read.refetch()}
          cursor={pages(read.data?.next_cursor)}
          empty={<EmptyMessage title={common.emptyTitle} text={t.transactionsEmpty} />}
        />
      </SectionCard>
    </Stack>
  );
}

function useTransactionColumns(): Column<StaffTransactionResponse>[] {
  const t = useTexts(financeTexts);
  const none = useTexts(commonTexts).notAvailable;
  const formats = useFormats();
  return [
    { accessor: 'created_at', title: t.when, render: (row) => formats.dateTime(row.created_at) },
    {
      accessor: 'user_name',
      title: t.user,
      render: (row) => (
        <>
          {row.user_name}
          <Text size="xs" c="dimmed">
            {row.user_email}
          </Text>
        </>
      ),
    },
    {
      accessor: 'transaction_type',
      title: t.type,
      render: (row) => (
        <>
          {t.types[row.transaction_type]}
          <Text size="xs" c="dimmed">
            {row.ticket_number}
          </Text>
        </>
      ),
    },
    {
      accessor: 'tokens_added',
      title: t.tokens,
      textAlign: 'right',
      render: (row) => formats.integer(row.tokens_added),
    },
    {
      accessor: 'amount_paid',
      title: t.amount,
      textAlign: 'right',
      render: (row) => (row.amount_paid === 0 ? none : formats.money(row.amount_paid)),
    },
    { accessor: 'actor_name', title: t.by, render: (row) => row.actor_name ?? t.system },
    { accessor: 'note', title: t.note, noWrap: false, width: 240, render: (row) => row.note || none },
  ];
}
