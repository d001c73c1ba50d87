/** Models, and what a token of each counts. */

import { Button, Card, Stack, Text } from '@mantine/core';
import type { ModelResponse } from '@shared/api/admin.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { Dialog } from '@shared/components/dialog';
import { MetricCard } from '@shared/components/metric_card';
import { PageHeader } from '@shared/components/page_header';
import { ToneBadge } from '@shared/components/tone_badge';
import { commonTexts, modelsTexts } from '@shared/i18n';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { IconEdit, IconPlus } from '@shared/icons';
import { MONEY_WRITERS } from '@shared/layout/pages';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';
import { writeDecimal } from '@shared/forms/decimals';
import { RowAction } from '../forms/row_action';
import { useDialogTarget } from '../forms/use_dialog_target';
import { useMay } from '../forms/use_may';
import { ModelForm } from './model_form';
import { NewModel } from './new_model';
import { KINDS, WEIGHT_DIGITS } from './weights';

export default function ModelsPage() {
  const t = useTexts(modelsTexts);
  const { language } = useLanguage();
  const read = useRead('GET /admin/models');
  const dialog = useDialogTarget<ModelResponse | 'new'>();
  const may = useMay(MONEY_WRITERS);
  const columns = useModelColumns(dialog.open);
  const factor = read.data?.conversion_factor;
  return (
    <>
      <PageHeader title={t.title}>
        {may && (
          <Button
            leftSection={<IconPlus size={18} />}
            disabled={!read.data?.data.length}
            onClick={() => dialog.open('new')}
          >
            {t.add}
          </Button>
        )}
      </PageHeader>
      <Stack>
        <MetricCard
          label={t.factor}
          value={factor === undefined ? undefined : writeDecimal(factor, language, 0, WEIGHT_DIGITS)}
          note={t.factorText}
        />
        <Card component="section" aria-label={t.title}>
          <DataTable
            label={t.title}
            columns={columns}
            rows={read.data?.data}
            rowKey={(row) => row.name}
            error={read.error}
            onRetry={() => void read.refetch()}
            expectedRows={4}
          />
        </Card>
      </Stack>
      <Dialog opened={dialog.opened} onClose={dialog.close} title={titleOf(dialog.target, t)} size="lg">
        {dialog.target === 'new' && (
          <NewModel rows={read.data?.data ?? []} onNamed={dialog.open} onCancel={dialog.close} />
        )}
        {dialog.target !== null && dialog.target !== 'new' && (
          <ModelForm row={dialog.target} onClose={dialog.close} />
        )}
      </Dialog>
    </>
  );
}

function titleOf(target: ModelResponse | 'new' | null, t: Texts): string {
  if (target === null) return '';
  return target === 'new' ? t.add : t.edit(target.name);
}

type Texts = ReturnType<typeof useTexts<(typeof modelsTexts)['pt-BR']>>;

function useModelColumns(onEdit: (row: ModelResponse) => void): Column<ModelResponse>[] {
  const t = useTexts(modelsTexts);
  const actions = useTexts(commonTexts).table.actions;
  const formats = useFormats();
  const { language } = useLanguage();
  const may = useMay(MONEY_WRITERS);
  const columns: Column<ModelResponse>[] = [
    {
      accessor: 'name',
      title: t.model,
      render: (row) => (
        <>
          {row.name}
          <Text size="xs" c="dimmed">
            {row.tokenizer}
          </Text>
          {row.alias_of.length > 0 && (
            <Text size="xs" c="dimmed">
              {t.aliasOf(row.alias_of.join(', '))}
            </Text>
          )}
          {row.weights_from.length > 0 && (
            <Text size="xs" c="dimmed">
              {t.weightsFrom(row.weights_from.join(', '))}
            </Text>
          )}
        </>
      ),
    },
    ...KINDS.map((kind): Column<ModelResponse> => ({
      accessor: `weights.${kind}`,
      title: t.weights[kind],
      textAlign: 'right',
      render: (row) => writeDecimal(row.weights[kind] ?? 1, language, 0, WEIGHT_DIGITS),
    })),
    {
      accessor: 'output_limit_tokens',
      title: t.outputLimit,
      textAlign: 'right',
      render: (row) => formats.integer(row.output_limit_tokens),
    },
    {
      accessor: 'example',
      title: t.example,
      textAlign: 'right',
      render: (row) => formats.integer(row.example.tokens_charged),
    },
    { accessor: 'active', title: t.state, render: (row) => <ModelState row={row} /> },
  ];
  if (may) {
    columns.push({
      accessor: 'actions',
      title: actions,
      textAlign: 'right',
      render: (row) => <RowAction label={t.edit(row.name)} icon={IconEdit} onClick={() => onEdit(row)} />,
    });
  }
  return columns;
}

function ModelState({ row }: { row: ModelResponse }) {
  const t = useTexts(modelsTexts);
  if (row.updated_at === null && row.active && row.weights_from.length > 0) {
    return (
      <span title={t.inheritedHint}>
        <ToneBadge tone="good">{t.inherited}</ToneBadge>
      </span>
    );
  }
  if (row.updated_at === null && row.active) {
    return (
      <span title={t.unlistedHint}>
        <ToneBadge tone="alert">{t.unlisted}</ToneBadge>
      </span>
    );
  }
  return <ToneBadge tone={row.active ? 'good' : 'neutral'}>{row.active ? t.active : t.inactive}</ToneBadge>;
}
