/** Grants that wait for a second person: confirmed or rejected by another one, cancelled by the one who asked. */

import { Group, Stack, Text } from '@mantine/core';
import type { PendingGrantResponse } from '@shared/api/admin.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { Dialog } from '@shared/components/dialog';
import { SectionCard } from '@shared/components/section_card';
import { useCursorPages } from '@shared/data/use_cursor_pages';
import { commonTexts, secondPersonTexts, userActionsTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconCheck, IconClose } from '@shared/icons';
import { MONEY_WRITERS } from '@shared/layout/pages';
import { useSession } from '@shared/session/session';
import { useFormats } from '@shared/session/use_formats';
import { lazy, Suspense } from 'react';
import { useRead } from '../api';
import { RowAction } from '../forms/row_action';
import { useDialogTarget } from '../forms/use_dialog_target';
import { useMay } from '../forms/use_may';
import { hindranceOf } from './rules';

const CancelForm = lazy(async () => ({ default: (await import('./decision_forms')).CancelForm }));
const DecisionForm = lazy(async () => ({ default: (await import('./decision_forms')).DecisionForm }));

export type Deed = 'confirm' | 'reject' | 'cancel';
type Target = { deed: Deed; grant: PendingGrantResponse };

const ROWS_PER_PAGE = 20;
const REFRESH_SECONDS = 30;

export function PendingSection() {
  const t = useTexts(secondPersonTexts);
  const { cursor, pages } = useCursorPages();
  const read = useRead(
    'GET /admin/pending-grants',
    { query: { state: 'pending', limit: ROWS_PER_PAGE, cursor: cursor ?? null } },
    { refreshSeconds: REFRESH_SECONDS },
  );
  const dialog = useDialogTarget<Target>();
  const columns = usePendingColumns((deed, grant) => dialog.open({ deed, grant }));
  const target = dialog.target;
  const titles = { confirm: t.confirmOf, reject: t.rejectOf, cancel: t.cancelOf };
  return (
    <SectionCard title={t.section}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t.lead}
        </Text>
        <DataTable
          label={t.section}
          columns={columns}
          rows={read.data?.data}
          rowKey={(row) => row.id}
          fetching={read.isPlaceholderData}
          error={read.error}
          onRetry={() => void read.refetch()}
          {...(read.data?.data.length ? { cursor: pages(read.data.next_cursor) } : {})}
          empty={<Text size="sm">{t.empty}</Text>}
          expectedRows={1}
        />
      </Stack>
      <Suspense>
        <Dialog
          opened={dialog.opened}
          onClose={dialog.close}
          title={target ? titles[target.deed](nameOf(target.grant)) : ''}
        >
          {target === null ? (
            <span />
          ) : target.deed === 'cancel' ? (
            <CancelForm grant={target.grant} onClose={dialog.close} />
          ) : (
            <DecisionForm
              key={`${target.deed}${target.grant.id}`}
              deed={target.deed}
              grant={target.grant}
              onClose={dialog.close}
            />
          )}
        </Dialog>
      </Suspense>
    </SectionCard>
  );
}

function nameOf(grant: PendingGrantResponse): string {
  return grant.user_name || grant.user_email || grant.user_id;
}

function usePendingColumns(onDeed: (deed: Deed, grant: PendingGrantResponse) => void) {
  const t = useTexts(secondPersonTexts);
  const reasons = useTexts(userActionsTexts).credits.reasons;
  const actions = useTexts(commonTexts).table.actions;
  const formats = useFormats();
  const decides = useMay(MONEY_WRITERS);
  const columns: Column<PendingGrantResponse>[] = [
    {
      accessor: 'user_name',
      title: t.user,
      render: (row) => <Lines first={[nameOf(row)]} second={row.user_email ? [row.user_email] : []} />,
    },
    { accessor: 'tokens', title: t.tokens, textAlign: 'right', render: (row) => formats.integer(row.tokens) },
    {
      accessor: 'amount_paid',
      title: t.amount,
      textAlign: 'right',
      render: (row) => formats.money(row.amount_paid),
    },
    {
      accessor: 'causes',
      title: t.why,
      render: (row) => (
        <Lines
          first={row.causes.map((cause) => t.causes[cause])}
          second={[row.reason ? reasons[row.reason] : t.request(row.ticket_number ?? '')]}
        />
      ),
    },
    {
      accessor: 'asked_by_name',
      title: t.asked,
      render: (row) => (
        <Lines
          first={[row.asked_by_name ?? '']}
          second={[formats.dateTime(row.asked_at), t.until(formats.dateTime(row.expires_at))]}
        />
      ),
    },
  ];
  if (!decides) return columns;
  return [
    ...columns,
    {
      accessor: 'actions',
      title: actions,
      textAlign: 'right' as const,
      render: (row: PendingGrantResponse) => <Deeds grant={row} onDeed={onDeed} />,
    },
  ];
}

/** One's own are another person's to decide, and the row says so. */
function Deeds({
  grant,
  onDeed,
}: {
  grant: PendingGrantResponse;
  onDeed: (deed: Deed, grant: PendingGrantResponse) => void;
}) {
  const t = useTexts(secondPersonTexts);
  const hindrance = hindranceOf(grant, useSession().user.id);
  const name = nameOf(grant);
  if (hindrance !== null)
    return (
      <Group gap={4} wrap="nowrap" justify="flex-end">
        <Text size="xs" c="dimmed" maw={130} style={WRAPPED}>
          {t.own[hindrance]}
        </Text>
        {hindrance === 'asker' && (
          <RowAction
            label={t.cancelOf(name)}
            icon={IconClose}
            danger
            onClick={() => onDeed('cancel', grant)}
          />
        )}
      </Group>
    );
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      <RowAction label={t.confirmOf(name)} icon={IconCheck} onClick={() => onDeed('confirm', grant)} />
      <RowAction label={t.rejectOf(name)} icon={IconClose} danger onClick={() => onDeed('reject', grant)} />
    </Group>
  );
}

const WRAPPED = { overflowWrap: 'anywhere', whiteSpace: 'normal' } as const;

/** Lines that wrap, where the table's own would not. */
function Lines({ first, second }: { first: readonly string[]; second: readonly string[] }) {
  return (
    <Stack gap={0} maw={220}>
      {first.map((line) => (
        <Text key={line} size="sm" style={WRAPPED}>
          {line}
        </Text>
      ))}
      {second.map((line) => (
        <Text key={line} size="xs" c="dimmed" style={WRAPPED}>
          {line}
        </Text>
      ))}
    </Stack>
  );
}
