import { Button } from '@mantine/core';
import type { ApiError } from '@shared/api/errors';
import type { Key, Keys } from '@shared/api/proxy.gen';
import { ConfirmDialog } from '@shared/components/confirm_dialog';
import { type Column, DataTable } from '@shared/components/data_table';
import { EmptyMessage } from '@shared/components/messages';
import { useNotice } from '@shared/components/notices';
import { commonTexts, keysTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconKey } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useWrite } from '../api';

/** The keys in force, each with the way to revoke it. */
export default function KeysTable({ read }: { read: UseQueryResult<Keys, ApiError> }) {
  const t = useTexts(keysTexts);
  const [revoking, setRevoking] = useState<Key | null>(null);
  return (
    <>
      <DataTable
        label={t.list}
        columns={useColumns(setRevoking)}
        rows={read.data?.data}
        rowKey={(row) => row.id}
        error={read.error}
        onRetry={() => void read.refetch()}
        expectedRows={3}
        empty={<EmptyMessage icon={IconKey} title={t.emptyTitle} text={t.emptyText} order={3} />}
      />
      <RevokeDialog found={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

function RevokeDialog({ found, onClose }: { found: Key | null; onClose: () => void }) {
  const t = useTexts(keysTexts);
  const notify = useNotice();
  const name = found?.name ?? '';
  const revoke = useWrite('DELETE /api/keys/{key_id}', {
    refresh: ['GET /api/keys'],
    onDone: () => {
      onClose();
      notify(t.revoked(name));
    },
  });
  return (
    <ConfirmDialog
      opened={found !== null}
      title={t.revokeTitle}
      text={t.revokeText(name)}
      action={t.revoke}
      danger
      busy={revoke.isPending}
      onConfirm={() => found && revoke.mutate({ path: { key_id: found.id } })}
      onClose={onClose}
    />
  );
}

function useColumns(onRevoke: (key: Key) => void): Column<Key>[] {
  const t = useTexts(keysTexts);
  const table = useTexts(commonTexts).table;
  const formats = useFormats();
  return [
    { accessor: 'name', title: t.name, noWrap: false },
    { accessor: 'prefix', title: t.start, render: (row) => <code>{row.prefix}…</code> },
    { accessor: 'created_at', title: t.created, render: (row) => formats.dateTime(row.created_at) },
    {
      accessor: 'last_used_at',
      title: t.used,
      render: (row) => (row.last_used_at ? formats.dateTime(row.last_used_at) : t.never),
    },
    {
      accessor: 'actions',
      title: table.actions,
      render: (row) => (
        <Button
          variant="subtle"
          color="red"
          size="compact-sm"
          aria-label={t.revokeOf(row.name)}
          onClick={() => onRevoke(row)}
        >
          {t.revoke}
        </Button>
      ),
    },
  ];
}
