/** What the plans' and the packages' section have in common: a table in a card, and the dialog for a new row and one that is there. */

import { Button, Stack, Text } from '@mantine/core';
import type { ApiError } from '@shared/api/errors';
import { type Column, DataTable } from '@shared/components/data_table';
import { Dialog } from '@shared/components/dialog';
import { SectionCard } from '@shared/components/section_card';
import { ToneBadge } from '@shared/components/tone_badge';
import { commonTexts, financeTexts, formTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconEdit, IconPlus } from '@shared/icons';
import { MONEY_WRITERS } from '@shared/layout/pages';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ComponentType, Suspense } from 'react';
import { RowAction } from '../forms/row_action';
import { useDialogTarget } from '../forms/use_dialog_target';
import { useMay } from '../forms/use_may';

interface PriceRow {
  name: string;
  active: boolean;
}

interface PriceSectionProps<Row extends PriceRow> {
  texts: {
    title: string;
    lead: string;
    create: string;
    edit: (name: string) => string;
    on: string;
    off: string;
  };
  read: UseQueryResult<{ data: Row[] }, ApiError>;
  rowKey: (row: Row) => string;
  /** What stands under the name. */
  under: (row: Row) => string;
  /** Those between the name and the state. */
  columns: Column<Row>[];
  /** May be loaded when it is opened. */
  form: ComponentType<{ row: Row | null; onClose: () => void }>;
}

/** A column of numbers. */
export function figure<Row>(accessor: string, title: string, write: (row: Row) => string): Column<Row> {
  return { accessor, title, textAlign: 'right', render: write };
}

export function PriceSection<Row extends PriceRow>({
  texts,
  read,
  rowKey,
  under,
  columns,
  form: Form,
}: PriceSectionProps<Row>) {
  const t = useTexts(financeTexts);
  const forms = useTexts(formTexts);
  const common = useTexts(commonTexts);
  const may = useMay(MONEY_WRITERS);
  const dialog = useDialogTarget<{ row: Row | null }>();
  const row = dialog.target?.row ?? null;
  const name: Column<Row> = {
    accessor: 'name',
    title: t.name,
    render: (one) => (
      <>
        {one.name}
        <Text size="xs" c="dimmed">
          {under(one)}
        </Text>
      </>
    ),
  };
  const state: Column<Row> = {
    accessor: 'active',
    title: t.state,
    render: (one) => (
      <ToneBadge tone={one.active ? 'good' : 'neutral'}>{one.active ? texts.on : texts.off}</ToneBadge>
    ),
  };
  const actions: Column<Row> = {
    accessor: 'actions',
    title: common.table.actions,
    textAlign: 'right',
    render: (one) => (
      <RowAction label={forms.editOf(one.name)} icon={IconEdit} onClick={() => dialog.open({ row: one })} />
    ),
  };
  return (
    <SectionCard
      title={texts.title}
      actions={
        may && (
          <Button leftSection={<IconPlus size={18} />} onClick={() => dialog.open({ row: null })}>
            {texts.create}
          </Button>
        )
      }
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {texts.lead}
        </Text>
        <DataTable
          label={texts.title}
          columns={[name, ...columns, state, ...(may ? [actions] : [])]}
          rows={read.data?.data}
          rowKey={rowKey}
          error={read.error}
          onRetry={() => void read.refetch()}
          expectedRows={3}
        />
      </Stack>
      <Suspense>
        <Dialog
          opened={dialog.opened}
          onClose={dialog.close}
          title={row ? texts.edit(row.name) : texts.create}
          size="lg"
        >
          <Form row={row} onClose={dialog.close} />
        </Dialog>
      </Suspense>
    </SectionCard>
  );
}
