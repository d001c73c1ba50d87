/** The keys of the chats. */

import { Button, Card, Group, Stack, Text } from '@mantine/core';
import type { CreatedFrontEndResponse, FrontEndResponse } from '@shared/api/admin.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { ConfirmDialog } from '@shared/components/confirm_dialog';
import { Dialog } from '@shared/components/dialog';
import { EmptyMessage } from '@shared/components/messages';
import { useNotice } from '@shared/components/notices';
import { PageHeader } from '@shared/components/page_header';
import { ToneBadge } from '@shared/components/tone_badge';
import { commonTexts, frontEndTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconCopy, IconEdit, IconKey, IconPlus, IconRefresh, IconTrash } from '@shared/icons';
import { MONEY_WRITERS } from '@shared/layout/pages';
import { useFormats } from '@shared/session/use_formats';
import { lazy, Suspense, useState } from 'react';
import { useRead, useWrite } from '../api';
import { RowAction } from '../forms/row_action';
import { type DialogTarget, useDialogTarget } from '../forms/use_dialog_target';
import { useMay } from '../forms/use_may';
import { ReadyKey } from './ready_key';
import { SettingsBlock } from './settings_block';

const FormDialog = lazy(() => import('./form_dialog'));

const READS = ['GET /admin/front-end-keys'];

export default function FrontEndsPage() {
  const t = useTexts(frontEndTexts);
  const may = useMay(MONEY_WRITERS);
  const read = useRead('GET /admin/front-end-keys');
  const form = useDialogTarget<FrontEndResponse | 'new'>();
  const settings = useDialogTarget<FrontEndResponse>();
  const rotation = useDialogTarget<FrontEndResponse>();
  const revocation = useDialogTarget<FrontEndResponse>();
  const columns = useFrontEndColumns({
    edit: form.open,
    settings: settings.open,
    rotate: rotation.open,
    revoke: revocation.open,
  });
  return (
    <>
      <PageHeader title={t.title} lead={t.lead}>
        {may && (
          <Button leftSection={<IconPlus size={18} />} onClick={() => form.open('new')}>
            {t.create}
          </Button>
        )}
      </PageHeader>
      <Card component="section" aria-label={t.title}>
        <DataTable
          label={t.title}
          columns={columns}
          rows={read.data?.data}
          rowKey={(row) => row.id}
          error={read.error}
          onRetry={() => void read.refetch()}
          expectedRows={3}
          empty={<EmptyMessage icon={IconKey} title={t.emptyTitle} text={t.emptyText} />}
        />
      </Card>
      <Suspense>
        <FormDialog dialog={form} />
      </Suspense>
      <Dialog
        opened={settings.opened}
        onClose={settings.close}
        title={settings.target ? t.settings(settings.target.name) : ''}
        size="lg"
      >
        {settings.target && (
          <Stack gap="xs">
            <Text size="sm">{t.settingsHint}</Text>
            <SettingsBlock kind={settings.target.kind} settings={settings.target.settings} />
          </Stack>
        )}
      </Dialog>
      <Rotation dialog={rotation} />
      <Revocation dialog={revocation} />
    </>
  );
}

interface DeedProps {
  dialog: DialogTarget<FrontEndResponse>;
}

function Rotation({ dialog: { opened, target, close } }: DeedProps) {
  const t = useTexts(frontEndTexts);
  const [created, setCreated] = useState<CreatedFrontEndResponse | null>(null);
  const rotate = useWrite('POST /admin/front-end-keys/{id}/rotate', { refresh: READS, onDone: setCreated });
  const finish = () => {
    close();
    setCreated(null);
  };
  const name = target?.name ?? '';
  return (
    <>
      <ConfirmDialog
        opened={opened && created === null}
        title={t.rotate(name)}
        text={target?.revoked_at ? t.reviveText : t.rotateText}
        action={t.rotateAction}
        danger={!target?.revoked_at}
        busy={rotate.isPending}
        onConfirm={() => target && rotate.mutate({ path: { id: target.id } })}
        onClose={close}
      />
      <Dialog opened={created !== null} onClose={finish} title={t.readyTitle} size="lg" busy>
        {created && <ReadyKey created={created} onClose={finish} />}
      </Dialog>
    </>
  );
}

function Revocation({ dialog: { opened, target, close } }: DeedProps) {
  const t = useTexts(frontEndTexts);
  const notify = useNotice();
  const revoke = useWrite('DELETE /admin/front-end-keys/{id}', {
    refresh: READS,
    onDone: (row) => {
      notify(t.revokedNotice(row.name));
      close();
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      title={t.revoke(target?.name ?? '')}
      text={t.revokeText}
      action={t.revokeAction}
      danger
      busy={revoke.isPending}
      onConfirm={() => target && revoke.mutate({ path: { id: target.id } })}
      onClose={close}
    />
  );
}

type Deeds = Record<'edit' | 'settings' | 'rotate' | 'revoke', (row: FrontEndResponse) => void>;

function useFrontEndColumns(deeds: Deeds): Column<FrontEndResponse>[] {
  const t = useTexts(frontEndTexts);
  const actions = useTexts(commonTexts).table.actions;
  const formats = useFormats();
  const may = useMay(MONEY_WRITERS);
  return [
    {
      accessor: 'name',
      title: t.name,
      render: (row) => (
        <Stack gap={0} maw={240}>
          <Text size="sm" truncate title={row.name}>
            {row.name}
          </Text>
          <Text size="xs" c="dimmed">
            {t.kinds[row.kind]} · {row.prefix}…
          </Text>
        </Stack>
      ),
    },
    { accessor: 'users', title: t.users, textAlign: 'right', render: (row) => formats.integer(row.users) },
    {
      accessor: 'new_accounts_today',
      title: t.newAccountsToday,
      textAlign: 'right',
      render: (row) => (
        <Text size="sm" c={row.new_accounts_refused_at ? 'red' : undefined}>
          {t.ofLimit(formats.integer(row.new_accounts_today), formats.integer(row.new_accounts_limit))}
        </Text>
      ),
    },
    { accessor: 'block_style', title: t.blockStyle, render: (row) => t.blockStyles[row.block_style] },
    {
      accessor: 'revoked_at',
      title: t.state,
      render: (row) => (
        <ToneBadge tone={row.revoked_at ? 'neutral' : 'good'}>
          {row.revoked_at ? t.revoked : t.inUse}
        </ToneBadge>
      ),
    },
    { accessor: 'created_at', title: t.since, render: (row) => formats.date(row.created_at) },
    {
      accessor: 'actions',
      title: actions,
      textAlign: 'right',
      render: (row) => (
        <Group gap={2} wrap="nowrap" justify="flex-end">
          <RowAction label={t.settings(row.name)} icon={IconCopy} onClick={() => deeds.settings(row)} />
          {may && (
            <>
              {!row.revoked_at && (
                <RowAction label={t.edit(row.name)} icon={IconEdit} onClick={() => deeds.edit(row)} />
              )}
              <RowAction label={t.rotate(row.name)} icon={IconRefresh} onClick={() => deeds.rotate(row)} />
              {!row.revoked_at && (
                <RowAction
                  label={t.revoke(row.name)}
                  icon={IconTrash}
                  danger
                  onClick={() => deeds.revoke(row)}
                />
              )}
            </>
          )}
        </Group>
      ),
    },
  ];
}
