/** The plans in their order. */

import { Button, Stack, Text } from '@mantine/core';
import type { PlanAnswer } from '@shared/api/admin.gen';
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
import { PlanForm } from './plan_form';

function figure(accessor: string, title: string, write: (one: PlanAnswer) => string): Column<PlanAnswer> {
  return { accessor, title, textAlign: 'right', render: write };
}

export function Plans() {
  const t = useTexts(financeTexts);
  const forms = useTexts(formTexts);
  const common = useTexts(commonTexts);
  const formats = useFormats();
  const may = useMay(MONEY_WRITERS);
  const read = useRead('GET /admin/plans');
  const dialog = useDialogTarget<PlanAnswer | 'new'>();
  const row = dialog.target === 'new' ? null : dialog.target;
  const rate = (value: number | null) => (value === null ? t.noLimit : formats.integer(value));
  const columns: Column<PlanAnswer>[] = [
    {
      accessor: 'name',
      title: t.name,
      render: (one) => (
        <>
          {one.name}
          <Text size="xs" c="dimmed">
            {one.plan_type}
          </Text>
        </>
      ),
    },
    figure('monthly_tokens', t.monthlyTokens, (one) => formats.integer(one.monthly_tokens)),
    figure('price_brl', t.priceMonthly, (one) => formats.money(one.price_brl)),
    figure('requests_per_minute', t.requestsPerMinute, (one) => rate(one.requests_per_minute)),
    figure('tokens_per_minute', t.tokensPerMinute, (one) => rate(one.tokens_per_minute)),
    figure('subscribers', t.subscribers, (one) => formats.integer(one.subscribers)),
    {
      accessor: 'active',
      title: t.state,
      render: (one) => (
        <ToneBadge tone={one.active ? 'good' : 'neutral'}>
          {one.active ? t.planActive : t.planInactive}
        </ToneBadge>
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
      title={t.plansTitle}
      actions={
        may && (
          <Button leftSection={<IconPlus size={18} />} onClick={() => dialog.open('new')}>
            {t.newPlan}
          </Button>
        )
      }
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t.plansLead}
        </Text>
        <DataTable
          label={t.plansTitle}
          columns={columns}
          rows={read.data?.data}
          rowKey={(one) => one.plan_type}
          error={read.error}
          onRetry={() => void read.refetch()}
          expectedRows={3}
        />
      </Stack>
      <Dialog
        opened={dialog.opened}
        onClose={dialog.close}
        title={row ? t.editPlan(row.name) : t.newPlan}
        size="lg"
      >
        <PlanForm row={row} onClose={dialog.close} />
      </Dialog>
    </SectionCard>
  );
}
