/** Chat pages that show the reader's balance. */

import { Button, Text } from '@mantine/core';
import type { ListedWidgetToken } from '@shared/api/proxy.gen';
import { ConfirmDialog } from '@shared/components/confirm_dialog';
import { type Column, DataTable } from '@shared/components/data_table';
import { EmptyMessage } from '@shared/components/messages';
import { useNotice } from '@shared/components/notices';
import { SectionCard } from '@shared/components/section_card';
import { accountTexts, commonTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconLink } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import { useState } from 'react';
import { useRead, useWrite } from '../api';

export default function WidgetsSection() {
  const t = useTexts(accountTexts);
  const [leaving, setLeaving] = useState<ListedWidgetToken | null>(null);
  const read = useRead('GET /api/widget/tokens');
  return (
    <SectionCard title={t.widgets}>
      <Text size="sm" c="dimmed" mb="sm">
        {t.widgetsText}
      </Text>
      <DataTable
        label={t.widgets}
        columns={useColumns(setLeaving)}
        rows={read.data?.data}
        rowKey={(row) => row.id}
        error={read.error}
        onRetry={() => void read.refetch()}
        expectedRows={3}
        empty={<EmptyMessage icon={IconLink} title={t.noWidgetsTitle} text={t.noWidgetsText} order={3} />}
      />
      <DisconnectDialog found={leaving} onClose={() => setLeaving(null)} />
    </SectionCard>
  );
}

function DisconnectDialog({ found, onClose }: { found: ListedWidgetToken | null; onClose: () => void }) {
  const t = useTexts(accountTexts);
  const notify = useNotice();
  const disconnect = useWrite('DELETE /api/widget/tokens/{token_id}', {
    refresh: ['GET /api/widget/tokens'],
    onDone: () => {
      onClose();
      notify(t.disconnected);
    },
  });
  return (
    <ConfirmDialog
      opened={found !== null}
      title={t.disconnectTitle}
      text={t.disconnectText(found?.origin || t.server)}
      action={t.disconnect}
      danger
      busy={disconnect.isPending}
      onConfirm={() => found && disconnect.mutate({ path: { token_id: found.id } })}
      onClose={onClose}
    />
  );
}

function useColumns(onLeave: (token: ListedWidgetToken) => void): Column<ListedWidgetToken>[] {
  const t = useTexts(accountTexts);
  const table = useTexts(commonTexts).table;
  const formats = useFormats();
  return [
    { accessor: 'origin', title: t.origin, render: (row) => row.origin || t.server },
    { accessor: 'created_at', title: t.connected, render: (row) => formats.dateTime(row.created_at) },
    { accessor: 'expires_at', title: t.expires, render: (row) => formats.dateTime(row.expires_at) },
    {
      accessor: 'actions',
      title: table.actions,
      render: (row) => (
        <Button
          variant="subtle"
          color="red"
          size="compact-sm"
          aria-label={t.disconnectOf(row.origin || t.server)}
          onClick={() => onLeave(row)}
        >
          {t.disconnect}
        </Button>
      ),
    },
  ];
}
