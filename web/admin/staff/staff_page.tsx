/** Who may open the administration, and as what. */

import { Button, Card, Group, Stack, Text } from '@mantine/core';
import type { AccountResponse } from '@shared/api/admin.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { Dialog } from '@shared/components/dialog';
import { PageHeader } from '@shared/components/page_header';
import { SectionCard } from '@shared/components/section_card';
import { ToneBadge } from '@shared/components/tone_badge';
import { commonTexts, staffTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconEdit, IconPlus } from '@shared/icons';
import { useSession } from '@shared/session/session';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';
import { RowAction } from '../forms/row_action';
import classes from '../forms/terms.module.css';
import { useDialogTarget } from '../forms/use_dialog_target';
import { RoleForm } from './role_form';
import { ROLES } from './roles';

export default function StaffPage() {
  const t = useTexts(staffTexts);
  const common = useTexts(commonTexts);
  const { user } = useSession();
  const may = user.role === 'super_admin';
  const read = useRead('GET /admin/staff');
  const dialog = useDialogTarget<AccountResponse | 'new'>();
  const person = dialog.target === 'new' ? null : dialog.target;
  const columns = useColumns(user.id);
  if (may) {
    columns.push({
      accessor: 'actions',
      title: common.table.actions,
      textAlign: 'right',
      // Nobody changes their own role: the service refuses it.
      render: (one) =>
        one.id === user.id ? null : (
          <RowAction label={t.changeOf(one.name)} icon={IconEdit} onClick={() => dialog.open(one)} />
        ),
    });
  }
  return (
    <>
      <PageHeader title={t.title} lead={may ? t.lead : `${t.lead}. ${t.onlyOwner}`}>
        {may && (
          <Button leftSection={<IconPlus size={18} />} onClick={() => dialog.open('new')}>
            {t.add}
          </Button>
        )}
      </PageHeader>
      <Stack>
        <Card component="section" aria-label={t.title}>
          <DataTable
            label={t.title}
            columns={columns}
            rows={read.data?.data}
            rowKey={(one) => one.id}
            error={read.error}
            onRetry={() => void read.refetch()}
            expectedRows={4}
          />
        </Card>
        <RoleGuide />
      </Stack>
      <Dialog
        opened={dialog.opened}
        onClose={dialog.close}
        title={person ? t.changeOf(person.name) : t.addTitle}
      >
        <RoleForm person={person} onClose={dialog.close} />
      </Dialog>
    </>
  );
}

function useColumns(ownId: string): Column<AccountResponse>[] {
  const t = useTexts(staffTexts);
  const common = useTexts(commonTexts);
  const formats = useFormats();
  return [
    {
      accessor: 'name',
      title: t.name,
      render: (one) => (
        <Group gap="xs" wrap="nowrap">
          {one.name}
          {one.id === ownId && <ToneBadge tone="neutral">{t.you}</ToneBadge>}
        </Group>
      ),
    },
    { accessor: 'email', title: t.email, render: (one) => one.email ?? common.notAvailable },
    { accessor: 'role', title: t.role, render: (one) => common.roles[one.role] },
    {
      accessor: 'active',
      title: t.state,
      render: (one) => (
        <ToneBadge tone={one.active ? 'good' : 'neutral'}>
          {one.active ? common.states.normal : t.suspended}
        </ToneBadge>
      ),
    },
    { accessor: 'created_at', title: t.since, render: (one) => formats.date(one.created_at) },
  ];
}

function RoleGuide() {
  const t = useTexts(staffTexts);
  const common = useTexts(commonTexts);
  return (
    <SectionCard title={t.rolesTitle}>
      <dl className={classes.terms}>
        {ROLES.filter((role) => role !== 'user').map((role) => (
          <div key={role} className={classes.term}>
            <dt>{common.roles[role]}</dt>
            <dd>
              <Text size="sm" component="span">
                {t.roleHelp[role]}
              </Text>
            </dd>
          </div>
        ))}
      </dl>
    </SectionCard>
  );
}
