/** Every account: found, filtered, sorted and paged by the service, all of it kept in the address. */

import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { addressOf } from '@shared/api/client';
import type { UserResponse } from '@shared/api/admin.gen';
import { DataTable } from '@shared/components/data_table';
import { EmptyMessage } from '@shared/components/messages';
import { PageHeader } from '@shared/components/page_header';
import { TimeZoneNote } from '@shared/components/time_zone_note';
import { type TableState, useTableState } from '@shared/data/use_table_state';
import { useTexts } from '@shared/i18n/language';
import { usersTexts } from '@shared/i18n';
import { IconDownload, IconPlus, IconUsers } from '@shared/icons';
import { useSession } from '@shared/session/session';
import { useFormats } from '@shared/session/use_formats';
import { lazy, Suspense, useMemo } from 'react';
import { useRead } from '../api';
import { useDialogTarget } from '../forms/use_dialog_target';
import { movesMoney, seesMoney } from './abilities';
import { FILTER, nameOfState, readFilters, readOrder, stateOf } from './filters';
import { usePlans } from './plans';
import { StateTabs } from './state_tabs';
import { UsersFilters } from './users_filters';
import { userColumns } from './users_table';

const AddCreditsDialog = lazy(() =>
  import('../user/add_credits_dialog').then((dialogs) => ({ default: dialogs.AddCreditsDialog })),
);
const NewUserDialog = lazy(() =>
  import('./new_user_dialog').then((dialogs) => ({ default: dialogs.NewUserDialog })),
);

const DEFAULTS = { sort: { column: 'created_at', descending: true }, pageSize: 20 };

export default function UsersPage() {
  const t = useTexts(usersTexts);
  const formats = useFormats();
  const table = useTableState(DEFAULTS);
  const [creating, creation] = useDisclosure(false);
  const { user } = useSession();
  const wanted = { ...readFilters(table.filter), ...readOrder(table.sort) };
  const users = useRead('GET /admin/users', {
    query: { ...wanted, page: table.page, page_size: table.pageSize },
  });
  const total = users.data?.total;
  return (
    <>
      <PageHeader
        title={t.title}
        lead={
          <>
            {total === undefined ? '\u00a0' : t.lead(total, formats.integer(total))}
            <TimeZoneNote />
          </>
        }
      >
        {seesMoney(user.role) && (
          <Button
            component="a"
            href={addressOf('GET /admin/exports/users', { query: wanted })}
            download
            variant="default"
            leftSection={<IconDownload size={18} />}
          >
            {t.exportCsv}
          </Button>
        )}
        {movesMoney(user.role) && (
          <Button leftSection={<IconPlus size={18} />} onClick={creation.open}>
            {t.newUser}
          </Button>
        )}
      </PageHeader>
      <Stack>
        <StateTabs
          totals={users.data?.totals_by_state}
          chosen={stateOf(table.filter(FILTER.state))}
          onChoose={(state) => table.setFilters({ [FILTER.state]: state ? nameOfState(state) : '' })}
        />
        <UsersFilters table={table} />
        <UsersTable
          table={table}
          rows={users.data?.data}
          total={total}
          fetching={users.isPlaceholderData}
          error={users.error}
          onRetry={() => void users.refetch()}
        />
      </Stack>
      <Suspense>
        <NewUserDialog opened={creating} onClose={creation.close} />
      </Suspense>
    </>
  );
}

interface UsersTableProps {
  table: TableState;
  rows: readonly UserResponse[] | undefined;
  total: number | undefined;
  fetching: boolean;
  error: unknown;
  onRetry: () => void;
}

function UsersTable({ table, rows, total, fetching, error, onRetry }: UsersTableProps) {
  const t = useTexts(usersTexts);
  const formats = useFormats();
  const plans = usePlans();
  const { user } = useSession();
  const { opened, target, open, close } = useDialogTarget<UserResponse>();
  const mayGive = movesMoney(user.role);
  const columns = useMemo(() => {
    const names = new Map(plans.map((plan) => [plan.value, plan.label]));
    const planName = (plan: string) => names.get(plan) ?? plan;
    return userColumns({ t, formats, planName, onAddCredits: mayGive ? open : null });
  }, [t, formats, plans, mayGive, open]);
  const filtered = Object.values(FILTER).some((name) => table.filter(name) !== '');
  return (
    <>
      <DataTable
        label={t.table.label}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        fetching={fetching}
        error={error}
        onRetry={onRetry}
        sort={table.sort}
        onSort={table.setSort}
        numbered={{
          page: table.page,
          pageSize: table.pageSize,
          total,
          onPage: table.setPage,
          onPageSize: table.setPageSize,
        }}
        empty={<Nobody filtered={filtered} page={table.page} onFirst={() => table.setPage(1)} />}
      />
      <Suspense>{target && <AddCreditsDialog user={target} opened={opened} onClose={close} />}</Suspense>
    </>
  );
}

function Nobody({ filtered, page, onFirst }: { filtered: boolean; page: number; onFirst: () => void }) {
  const t = useTexts(usersTexts);
  return (
    <EmptyMessage
      icon={IconUsers}
      title={filtered || page > 1 ? t.emptyTitle : t.noneTitle}
      text={filtered || page > 1 ? t.emptyText : t.noneText}
    >
      {page > 1 && (
        <Button variant="light" onClick={onFirst}>
          {t.firstPage}
        </Button>
      )}
    </EmptyMessage>
  );
}
