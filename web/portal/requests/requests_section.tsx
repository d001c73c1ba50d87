import { Button } from '@mantine/core';
import type { RequestResponse, RequestState } from '@shared/api/proxy.gen';
import { ConfirmDialog } from '@shared/components/confirm_dialog';
import { type Column, DataTable } from '@shared/components/data_table';
import { EmptyMessage } from '@shared/components/messages';
import { useNotice } from '@shared/components/notices';
import { SectionCard } from '@shared/components/section_card';
import type { Tone } from '@shared/components/states';
import { ToneBadge } from '@shared/components/tone_badge';
import { useCursorPages } from '@shared/data/use_cursor_pages';
import { commonTexts, ownRequestsTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconRequests } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import { useState } from 'react';
import { useRead, useWrite } from '../api';

const ROWS = 10;
// A refusal changes no balance, so the stream tells nothing of it.
const REFRESH_SECONDS = 20;
const TONES: Record<RequestState, Tone> = {
  pending: 'alert',
  approved: 'good',
  rejected: 'blocked',
  cancelled: 'neutral',
};

export default function RequestsSection() {
  const t = useTexts(ownRequestsTexts);
  const pages = useCursorPages();
  const [cancelling, setCancelling] = useState<RequestResponse | null>(null);
  const read = useRead(
    'GET /api/credits/requests',
    { query: { limit: ROWS, ...(pages.cursor ? { cursor: pages.cursor } : {}) } },
    { refreshSeconds: REFRESH_SECONDS },
  );
  return (
    <SectionCard title={t.requests}>
      <DataTable
        label={t.requests}
        columns={useColumns(setCancelling)}
        rows={read.data?.data}
        rowKey={(row) => row.ticket_number}
        fetching={read.isPlaceholderData}
        error={read.error}
        onRetry={() => void read.refetch()}
        cursor={pages.pages(read.data?.next_cursor)}
        expectedRows={4}
        empty={<EmptyMessage icon={IconRequests} title={t.emptyTitle} text={t.emptyText} order={3} />}
      />
      <CancelDialog request={cancelling} onClose={() => setCancelling(null)} />
    </SectionCard>
  );
}

function CancelDialog({ request, onClose }: { request: RequestResponse | null; onClose: () => void }) {
  const t = useTexts(ownRequestsTexts);
  const formats = useFormats();
  const notify = useNotice();
  const cancel = useWrite('POST /api/credits/requests/{ticket_number}/cancel', {
    refresh: ['GET /api/credits/requests'],
    onDone: (answer) => {
      onClose();
      notify(t.cancelled(answer.ticket_number));
    },
  });
  const ticket = request?.ticket_number ?? '';
  return (
    <ConfirmDialog
      opened={request !== null}
      title={t.cancelTitle}
      text={t.cancelText(ticket, formats.integer(request?.tokens ?? 0))}
      action={t.cancel}
      keep={t.keep}
      danger
      busy={cancel.isPending}
      onConfirm={() => cancel.mutate({ path: { ticket_number: ticket } })}
      onClose={onClose}
    />
  );
}

function useColumns(onCancel: (request: RequestResponse) => void): Column<RequestResponse>[] {
  const t = useTexts(ownRequestsTexts);
  const table = useTexts(commonTexts).table;
  const formats = useFormats();
  return [
    { accessor: 'ticket_number', title: t.ticket },
    {
      accessor: 'state',
      title: t.state,
      render: (row) => <ToneBadge tone={TONES[row.state]}>{t.states[row.state]}</ToneBadge>,
    },
    {
      accessor: 'tokens',
      title: t.tokens,
      textAlign: 'right',
      render: (row) => formats.integer(row.tokens),
    },
    {
      accessor: 'amount_brl',
      title: t.price,
      textAlign: 'right',
      render: (row) => (row.amount_brl === null ? t.noPrice : formats.money(row.amount_brl)),
    },
    { accessor: 'created_at', title: t.asked, render: (row) => formats.dateTime(row.created_at) },
    {
      accessor: 'decided_at',
      title: t.decided,
      noWrap: false,
      render: (row) =>
        row.decided_at ? t.reason(formats.dateTime(row.decided_at), row.decision_reason ?? '') : '–',
    },
    {
      accessor: 'actions',
      title: table.actions,
      render: (row) =>
        row.state === 'pending' && (
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={t.cancelOf(row.ticket_number)}
            onClick={() => onCancel(row)}
          >
            {t.cancel}
          </Button>
        ),
    },
  ];
}
