/** Who changed what, and when. */

import { Card, Group, Select, Stack, Text } from '@mantine/core';
import type { AuditEntryResponse } from '@shared/api/admin.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { Dialog } from '@shared/components/dialog';
import { EmptyMessage } from '@shared/components/messages';
import { PageHeader } from '@shared/components/page_header';
import { TimeZoneNote } from '@shared/components/time_zone_note';
import { useCursorPages } from '@shared/data/use_cursor_pages';
import { useTableState } from '@shared/data/use_table_state';
import { auditTexts, commonTexts, formTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconEye } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';
import { RowAction } from '../forms/row_action';
import { useDialogTarget } from '../forms/use_dialog_target';
import { PeriodPicker } from '@shared/period/period_picker';
import { usePeriod } from '@shared/period/use_period';
import { AuditEntry } from './audit_entry';
import { aboutOf } from './changes';

const ROWS_PER_PAGE = 20;
const NEWEST = { sort: { column: 'created_at', descending: true } };
const ALL = 'all';

export default function AuditPage() {
  const t = useTexts(auditTexts);
  const state = useTableState(NEWEST);
  const { cursor, pages, reset } = useCursorPages();
  const when = usePeriod({ initial: 'any', onChange: reset });
  const chosen = { actor: state.filter('quem'), action: state.filter('acao'), entity: state.filter('tipo') };
  const read = useRead('GET /admin/audit-log', {
    query: {
      ...when.period,
      actor_id: chosen.actor || null,
      action: chosen.action || null,
      entity: chosen.entity || null,
      limit: ROWS_PER_PAGE,
      cursor: cursor ?? null,
    },
  });
  const dialog = useDialogTarget<AuditEntryResponse>();
  const columns = useAuditColumns(dialog.open);
  const filter = (name: string, value: string | null) => {
    reset();
    state.setFilters({ [name]: value === ALL ? '' : (value ?? '') });
  };
  return (
    <>
      <PageHeader title={t.title} lead={<TimeZoneNote />} />
      <Stack>
        <Card>
          <Group align="flex-start">
            <PeriodPicker state={when} withAny />
            <ActorSelect value={chosen.actor} onChange={(value) => filter('quem', value)} />
            <NamesSelect
              label={t.action}
              names={t.actions}
              value={chosen.action}
              onChange={(value) => filter('acao', value)}
            />
            <NamesSelect
              label={t.entity}
              names={t.entities}
              value={chosen.entity}
              onChange={(value) => filter('tipo', value)}
            />
          </Group>
        </Card>
        <Card component="section" aria-label={t.list}>
          <DataTable
            label={t.list}
            columns={columns}
            rows={read.data?.data}
            rowKey={(row) => row.id}
            fetching={read.isPlaceholderData}
            error={read.error}
            onRetry={() => void read.refetch()}
            cursor={pages(read.data?.next_cursor)}
            onRowClick={dialog.open}
            empty={<EmptyMessage text={t.empty} />}
          />
        </Card>
      </Stack>
      <Dialog
        opened={dialog.opened}
        onClose={dialog.close}
        title={dialog.target ? (t.actions[dialog.target.action] ?? dialog.target.action) : ''}
        size="lg"
      >
        {dialog.target && <AuditEntry entry={dialog.target} />}
      </Dialog>
    </>
  );
}

interface ChoiceProps {
  value: string;
  onChange: (value: string | null) => void;
}

function ActorSelect({ value, onChange }: ChoiceProps) {
  const t = useTexts(auditTexts);
  const all = useTexts(formTexts).all;
  const staff = useRead('GET /admin/staff');
  const people = (staff.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Select
      label={t.who}
      data={[{ value: ALL, label: all }, ...people]}
      value={value || ALL}
      onChange={onChange}
      allowDeselect={false}
      searchable
      w={{ base: '100%', xs: 200 }}
    />
  );
}

function NamesSelect({
  label,
  names,
  value,
  onChange,
}: ChoiceProps & { label: string; names: Record<string, string> }) {
  const all = useTexts(formTexts).all;
  return (
    <Select
      label={label}
      data={[
        { value: ALL, label: all },
        ...Object.entries(names).map(([name, text]) => ({ value: name, label: text })),
      ]}
      value={value || ALL}
      onChange={onChange}
      allowDeselect={false}
      searchable
      w={{ base: '100%', xs: 210 }}
    />
  );
}

function useAuditColumns(onOpen: (entry: AuditEntryResponse) => void): Column<AuditEntryResponse>[] {
  const t = useTexts(auditTexts);
  const actions = useTexts(commonTexts).table.actions;
  const formats = useFormats();
  return [
    { accessor: 'created_at', title: t.when, render: (row) => formats.dateTime(row.created_at) },
    { accessor: 'actor_name', title: t.who, render: (row) => row.actor_name ?? t.system },
    { accessor: 'action', title: t.what, render: (row) => t.actions[row.action] ?? row.action },
    {
      accessor: 'entity_label',
      title: t.about,
      render: (row) => (
        <Stack gap={0} maw={280}>
          <Text size="sm" truncate title={aboutOf(row)}>
            {aboutOf(row)}
          </Text>
          <Text size="xs" c="dimmed">
            {t.entities[row.entity] ?? row.entity}
          </Text>
        </Stack>
      ),
    },
    {
      accessor: 'actions',
      title: actions,
      textAlign: 'right',
      render: (row) => (
        <RowAction
          label={t.detailsOf(t.actions[row.action] ?? row.action, aboutOf(row))}
          icon={IconEye}
          onClick={() => onOpen(row)}
        />
      ),
    },
  ];
}
