/** The packages in the shop's order. */

import { Button, Stack, Text } from '@mantine/core';
import type { OfferedPackageAnswer } from '@shared/api/admin.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { Dialog } from '@shared/components/dialog';
import { SectionCard } from '@shared/components/section_card';
import { ToneBadge } from '@shared/components/tone_badge';
import { commonTexts } from '@shared/i18n/common';
import { financeTexts } from '@shared/i18n/finance';
import { formTexts } from '@shared/i18n/forms';
import { useTexts } from '@shared/i18n/language';
import { IconEdit, IconPlus } from '@shared/icons';
import { MONEY_WRITERS } from '@shared/layout/pages';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';
import { RowAction } from '../forms/row_action';
import { useDialogTarget } from '../forms/use_dialog_target';
import { useMay } from '../forms/use_may';
import { PackageForm } from './package_form';

export function Packages() {
  const t = useTexts(financeTexts);
  const forms = useTexts(formTexts);
  const common = useTexts(commonTexts);
  const formats = useFormats();
  const may = useMay(MONEY_WRITERS);
  const read = useRead('GET /admin/packages');
  const dialog = useDialogTarget<OfferedPackageAnswer | 'new'>();
  const row = dialog.target === 'new' ? null : dialog.target;
  const columns: Column<OfferedPackageAnswer>[] = [
    {
      accessor: 'name',
      title: t.name,
      render: (one) => (
        <>
          {one.name}
          <Text size="xs" c="dimmed">
            {one.badge ? `${one.id} · ${one.badge}` : one.id}
          </Text>
        </>
      ),
    },
    { accessor: 'tokens', title: t.tokens, textAlign: 'right', render: (one) => formats.integer(one.tokens) },
    {
      accessor: 'amount_brl',
      title: t.price,
      textAlign: 'right',
      render: (one) => formats.money(one.amount_brl),
    },
    {
      accessor: 'per_thousand',
      title: t.perThousand,
      textAlign: 'right',
      render: (one) => formats.money((one.amount_brl / one.tokens) * 1000),
    },
    {
      accessor: 'active',
      title: t.state,
      render: (one) => (
        <ToneBadge tone={one.active ? 'good' : 'neutral'}>{one.active ? t.onSale : t.offSale}</ToneBadge>
      ),
    },
  ];
  if (may) {
    columns.push({
      accessor: 'actions',
      title: common.table.actions,
      textAlign: 'right',
      render: (one) => (
        <RowAction label={forms.editOf(one.name)} icon={IconEdit} onClick={() => dialog.open(one)} />
      ),
    });
  }
  return (
    <SectionCard
      title={t.packagesTitle}
      actions={
        may && (
          <Button leftSection={<IconPlus size={18} />} onClick={() => dialog.open('new')}>
            {t.newPackage}
          </Button>
        )
      }
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t.packagesLead}
        </Text>
        <DataTable
          label={t.packagesTitle}
          columns={columns}
          rows={read.data?.data}
          rowKey={(one) => one.id}
          error={read.error}
          onRetry={() => void read.refetch()}
          expectedRows={3}
        />
      </Stack>
      <Dialog
        opened={dialog.opened}
        onClose={dialog.close}
        title={row ? t.editPackage(row.name) : t.newPackage}
        size="lg"
      >
        <PackageForm row={row} onClose={dialog.close} />
      </Dialog>
    </SectionCard>
  );
}
