import { Group, Stack, Text } from '@mantine/core';
import type { StaffRequestResponse } from '@shared/api/admin.gen';
import type { Column } from '@shared/components/data_table';
import type { Tone } from '@shared/components/states';
import { ToneBadge } from '@shared/components/tone_badge';
import { commonTexts, requestsTexts, secondPersonTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconCheck, IconClose, IconEye } from '@shared/icons';
import { MONEY_READERS, MONEY_WRITERS } from '@shared/layout/pages';
import { useSession } from '@shared/session/session';
import { useFormats } from '@shared/session/use_formats';
import { RowAction } from '../forms/row_action';
import { useMay } from '../forms/use_may';

export type Deed = 'approve' | 'reject' | 'details';

const TONES: Record<StaffRequestResponse['state'], Tone> = {
  pending: 'alert',
  approved: 'good',
  rejected: 'blocked',
  cancelled: 'neutral',
};

export function RequestStateBadge({ state }: Pick<StaffRequestResponse, 'state'>) {
  const t = useTexts(requestsTexts);
  return <ToneBadge tone={TONES[state]}>{t.states[state]}</ToneBadge>;
}

/** Whether the reader may decide it now: it waits, it isn't their own, and no approval of it waits for a second person. */
export function isOpenFor(row: StaffRequestResponse, readerId: string): boolean {
  return row.state === 'pending' && row.user_id !== readerId && row.pending_grant_id === null;
}

/** Why a pending request has no buttons for the reader. */
export function WhyNotNow({ row }: { row: StaffRequestResponse }) {
  const t = useTexts(secondPersonTexts);
  const reader = useSession().user.id;
  if (row.state !== 'pending' || isOpenFor(row, reader)) return null;
  return (
    <Text size="xs" c="dimmed" maw={150} style={{ whiteSpace: 'normal' }}>
      {row.user_id === reader ? t.ownRequest : t.awaits(row.asked_by_name ?? '')}
    </Text>
  );
}

/** Amounts only for those who may see money; deciding only for those who may, and only what waits. */
export function useRequestColumns(
  onDeed: (deed: Deed, row: StaffRequestResponse) => void,
): Column<StaffRequestResponse>[] {
  const t = useTexts(requestsTexts);
  const actions = useTexts(commonTexts).table.actions;
  const formats = useFormats();
  const seesMoney = useMay(MONEY_READERS);
  const decides = useMay(MONEY_WRITERS);
  const reader = useSession().user.id;
  const amount: Column<StaffRequestResponse> = {
    accessor: 'amount_brl',
    title: t.amount,
    textAlign: 'right',
    render: (row) => (row.amount_brl === null ? t.noPrice : formats.money(row.amount_brl)),
  };
  return [
    {
      accessor: 'ticket_number',
      title: t.ticket,
      render: (row) => (
        <>
          {row.ticket_number}
          <Text size="xs" c="dimmed">
            {formats.dateTime(row.created_at)}
          </Text>
        </>
      ),
    },
    {
      accessor: 'user_name',
      title: t.user,
      render: (row) => (
        <Stack gap={0} maw={220}>
          <Text size="sm" truncate title={row.user_name}>
            {row.user_name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {row.user_email}
          </Text>
        </Stack>
      ),
    },
    { accessor: 'tokens', title: t.tokens, textAlign: 'right', render: (row) => formats.integer(row.tokens) },
    ...(seesMoney ? [amount] : []),
    {
      accessor: 'urgency',
      title: t.urgency,
      render: (row) =>
        row.urgency === 'high' ? (
          <ToneBadge tone="blocked">{t.urgencies.high}</ToneBadge>
        ) : (
          t.urgencies[row.urgency]
        ),
    },
    {
      accessor: 'state',
      title: t.state,
      render: (row) => (
        <>
          <RequestStateBadge state={row.state} />
          <WhyNotNow row={row} />
        </>
      ),
    },
    {
      accessor: 'actions',
      title: actions,
      textAlign: 'right',
      render: (row) => (
        <Group gap={2} wrap="nowrap" justify="flex-end">
          {decides && isOpenFor(row, reader) && (
            <>
              <RowAction
                label={t.approveOf(row.ticket_number)}
                icon={IconCheck}
                onClick={() => onDeed('approve', row)}
              />
              <RowAction
                label={t.rejectOf(row.ticket_number)}
                icon={IconClose}
                danger
                onClick={() => onDeed('reject', row)}
              />
            </>
          )}
          <RowAction
            label={t.detailsOf(row.ticket_number)}
            icon={IconEye}
            onClick={() => onDeed('details', row)}
          />
        </Group>
      ),
    },
  ];
}
