/** The users' requests for credits: seen by all staff, decided by those who may book money. */

import { Card, Group, Select, Stack } from '@mantine/core';
import type {
  RequestState,
  StaffRequestResponse,
  StaffRequestsResponse,
  Urgency,
} from '@shared/api/admin.gen';
import { DataTable } from '@shared/components/data_table';
import { EmptyMessage } from '@shared/components/messages';
import { PageHeader } from '@shared/components/page_header';
import { TimeZoneNote } from '@shared/components/time_zone_note';
import { useCursorPages } from '@shared/data/use_cursor_pages';
import { useTableState } from '@shared/data/use_table_state';
import { formTexts, requestsTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconCheck } from '@shared/icons';
import { MONEY_READERS } from '@shared/layout/pages';
import { useFormats } from '@shared/session/use_formats';
import { lazy, type ReactNode, Suspense } from 'react';
import { useRead } from '../api';
import { useDialogTarget } from '../forms/use_dialog_target';
import { useMay } from '../forms/use_may';
import { UserPicker } from '../forms/user_picker';
import { PendingSection } from '../second_person/pending_section';
import { RulesButton } from '../second_person/rules_button';
import { PeriodPicker } from '@shared/period/period_picker';
import { usePeriod } from '@shared/period/use_period';
import { type Deed, useRequestColumns } from './request_columns';

const DeedDialog = lazy(() => import('./deed_dialog'));

const STATES: readonly RequestState[] = ['pending', 'approved', 'rejected', 'cancelled'];
const URGENCIES: readonly Urgency[] = ['high', 'normal', 'low'];
const ROWS_PER_PAGE = 20;
const REFRESH_SECONDS = 30;
const NEWEST = { sort: { column: 'created_at', descending: true } };

export default function RequestsPage() {
  const t = useTexts(requestsTexts);
  const { cursor, pages, reset } = useCursorPages();
  const state = useTableState(NEWEST);
  const when = usePeriod({ initial: 'any', onChange: reset });
  const chosen = state.filter('situacao') || 'pending';
  const shown = STATES.find((one) => one === chosen) ?? null;
  const urgency = URGENCIES.find((one) => one === state.filter('urgencia')) ?? null;
  const user = state.filter('usuario');
  const read = useRead(
    'GET /admin/credit-requests',
    {
      query: {
        ...when.period,
        state: shown,
        urgency,
        user_id: user || null,
        limit: ROWS_PER_PAGE,
        cursor: cursor ?? null,
      },
    },
    { refreshSeconds: REFRESH_SECONDS },
  );
  const dialog = useDialogTarget<{ deed: Deed; row: StaffRequestResponse }>();
  const columns = useRequestColumns((deed, row) => dialog.open({ deed, row }));
  const filter = (values: Record<string, string>) => {
    reset();
    state.setFilters(values);
  };
  const onlyPending = chosen === 'pending' && !urgency && !user && when.choice === 'any';
  return (
    <>
      <PageHeader title={t.title} lead={<TimeZoneNote />}>
        <MoneyReaders>
          <RulesButton />
        </MoneyReaders>
      </PageHeader>
      <Stack>
        <MoneyReaders>
          <PendingSection />
        </MoneyReaders>
        <Card>
          <Group align="flex-start">
            <StateSelect value={chosen} totals={read.data?.totals_by_state} onChange={filter} />
            <UrgencySelect value={urgency} onChange={filter} />
            <UserPicker value={user} onChange={(id) => filter({ usuario: id })} />
            <PeriodPicker state={when} withAny />
          </Group>
        </Card>
        <Card component="section" aria-label={t.title}>
          <DataTable
            label={t.title}
            columns={columns}
            rows={read.data?.data}
            rowKey={(row) => row.id}
            onRowClick={(row) => dialog.open({ deed: 'details', row })}
            fetching={read.isPlaceholderData}
            error={read.error}
            onRetry={() => void read.refetch()}
            cursor={pages(read.data?.next_cursor)}
            empty={<Nothing everythingDecided={onlyPending} />}
          />
        </Card>
      </Stack>
      <Suspense>
        <DeedDialog {...dialog} />
      </Suspense>
    </>
  );
}

function MoneyReaders({ children }: { children: ReactNode }) {
  return useMay(MONEY_READERS) ? children : null;
}

function Nothing({ everythingDecided }: { everythingDecided: boolean }) {
  const t = useTexts(requestsTexts);
  if (!everythingDecided) return <EmptyMessage text={t.emptyText} />;
  return <EmptyMessage icon={IconCheck} title={t.emptyPendingTitle} text={t.emptyPendingText} />;
}

interface FilterProps<T> {
  value: T;
  onChange: (values: Record<string, string>) => void;
}

function StateSelect({
  value,
  totals,
  onChange,
}: FilterProps<string> & { totals: StaffRequestsResponse['totals_by_state'] | undefined }) {
  const t = useTexts(requestsTexts);
  const all = useTexts(formTexts).allFeminine;
  const formats = useFormats();
  const label = (one: RequestState) =>
    totals ? t.statesWithCount(t.states[one], formats.integer(totals[one] ?? 0)) : t.states[one];
  return (
    <Select
      label={t.state}
      data={[
        ...STATES.map((one) => ({ value: one as string, label: label(one) })),
        { value: 'all', label: all },
      ]}
      value={value}
      onChange={(next) => onChange({ situacao: next === 'pending' ? '' : (next ?? '') })}
      allowDeselect={false}
      w={{ base: '100%', xs: 180 }}
    />
  );
}

function UrgencySelect({ value, onChange }: FilterProps<Urgency | null>) {
  const t = useTexts(requestsTexts);
  const all = useTexts(formTexts).allFeminine;
  return (
    <Select
      label={t.urgency}
      data={[
        { value: 'all', label: all },
        ...URGENCIES.map((one) => ({ value: one as string, label: t.urgencies[one] })),
      ]}
      value={value ?? 'all'}
      onChange={(next) => onChange({ urgencia: next === 'all' ? '' : (next ?? '') })}
      allowDeselect={false}
      w={{ base: '100%', xs: 140 }}
    />
  );
}
