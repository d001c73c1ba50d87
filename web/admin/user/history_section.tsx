import { Button, Text, TextInput, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { addressOf } from '@shared/api/client';
import type { PageStaffReceiptResponse, StaffReceiptResponse } from '@shared/api/admin.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { EmptyMessage } from '@shared/components/messages';
import { SectionCard } from '@shared/components/section_card';
import { useCursorPages } from '@shared/data/use_cursor_pages';
import { useTexts } from '@shared/i18n/language';
import { receiptTexts, userTexts } from '@shared/i18n';
import { IconDownload, IconStatement } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useRead } from '../api';
import { useDialogTarget } from '../forms/use_dialog_target';
import { isDay } from '@shared/period/period';
import { ReceiptDialog } from './receipt_dialog';
import classes from './user.module.css';

const ROWS = 20;
const TYPING_MILLISECONDS = 400;
const NAMES = { from: 'de', to: 'ate', model: 'modelo' } as const;
type Name = keyof typeof NAMES;
// The receipt tells all of it: on a phone the row keeps to what one looks for.
const WIDE = { visibleMediaQuery: '(min-width: 62em)' };

/** Every call with its receipt; the filters stand in the address. */
export default function HistorySection({ id }: { id: string }) {
  const t = useTexts(userTexts).history;
  const [parameters, setParameters] = useSearchParams();
  const cursor = useCursorPages();
  const value = (name: Name) => parameters.get(NAMES[name]) ?? '';
  const set = (name: Name, text: string) => {
    cursor.reset();
    setParameters(
      (present) => {
        const next = new URLSearchParams(present);
        if (text) next.set(NAMES[name], text);
        else next.delete(NAMES[name]);
        return next;
      },
      { replace: true },
    );
  };
  const days = { from: dayOf(value('from')), to: dayOf(value('to')) };
  const query = { ...days, model: value('model') || null };
  const history = useRead('GET /admin/users/{id}/usage', {
    path: { id },
    query: { ...query, limit: ROWS, cursor: cursor.cursor ?? null },
  });
  // Without `group_by` the answer is receipts.
  const page = history.data as PageStaffReceiptResponse | undefined;
  return (
    <SectionCard
      title={t.title}
      actions={
        <Button
          component="a"
          href={addressOf('GET /admin/users/{id}/usage', {
            path: { id },
            query: { ...query, format: 'csv' },
          })}
          download
          variant="default"
          size="sm"
          leftSection={<IconDownload size={18} />}
        >
          {t.exportCsv}
        </Button>
      }
    >
      <HistoryFilters value={value} onSet={set} />
      <HistoryTable
        id={id}
        rows={page?.data}
        fetching={history.isPlaceholderData}
        error={history.error}
        onRetry={() => void history.refetch()}
        pages={cursor.pages(page?.next_cursor)}
      />
    </SectionCard>
  );
}

function dayOf(text: string): string | null {
  return isDay(text) ? text : null;
}

interface HistoryFiltersProps {
  value: (name: Name) => string;
  onSet: (name: Name, text: string) => void;
}

function HistoryFilters({ value, onSet }: HistoryFiltersProps) {
  const t = useTexts(userTexts).history;
  const [model, setModel] = useState(value('model'));
  const ask = useDebouncedCallback((text: string) => onSet('model', text.trim()), TYPING_MILLISECONDS);
  return (
    <div className={classes.filters}>
      <TextInput
        type="date"
        label={t.from}
        value={value('from')}
        onChange={(event) => onSet('from', event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label={t.to}
        value={value('to')}
        onChange={(event) => onSet('to', event.currentTarget.value)}
      />
      <TextInput
        label={t.modelFilter}
        placeholder={t.modelHint}
        autoComplete="off"
        maxLength={200}
        value={model}
        onChange={(event) => {
          setModel(event.currentTarget.value);
          ask(event.currentTarget.value);
        }}
      />
    </div>
  );
}

interface HistoryTableProps {
  id: string;
  rows: readonly StaffReceiptResponse[] | undefined;
  fetching: boolean;
  error: unknown;
  onRetry: () => void;
  pages: ReturnType<ReturnType<typeof useCursorPages>['pages']>;
}

function HistoryTable({ id, rows, fetching, error, onRetry, pages }: HistoryTableProps) {
  const t = useTexts(userTexts).history;
  const { opened, target, open, close } = useDialogTarget<string>();
  const columns = useHistoryColumns(open);
  return (
    <>
      <DataTable
        label={t.title}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.request_id}
        fetching={fetching}
        error={error}
        onRetry={onRetry}
        cursor={pages}
        empty={<EmptyMessage title={t.emptyTitle} text={t.emptyText} />}
      />
      {target && <ReceiptDialog userId={id} requestId={target} opened={opened} onClose={close} />}
    </>
  );
}

function useHistoryColumns(onReceipt: (requestId: string) => void): Column<StaffReceiptResponse>[] {
  const t = useTexts(userTexts).history;
  const receipt = useTexts(receiptTexts);
  const formats = useFormats();
  const tokens = (
    accessor: 'input_tokens' | 'output_tokens' | 'tokens_charged' | 'tokens_remaining',
    title: string,
  ): Column<StaffReceiptResponse> => ({
    accessor,
    title,
    textAlign: 'right',
    render: (row) => formats.integer(row[accessor]),
  });
  return [
    {
      accessor: 'occurred_at',
      title: t.when,
      render: (row) => (
        <>
          {formats.dateTime(row.occurred_at)}
          <Text size="xs" c="dimmed" hiddenFrom="md">
            {row.model_asked}
          </Text>
        </>
      ),
    },
    { accessor: 'model_asked', title: t.model, ...WIDE },
    { accessor: 'client', title: t.client, render: (row) => row.client ?? '–', ...WIDE },
    { ...tokens('input_tokens', t.input), ...WIDE },
    { ...tokens('output_tokens', t.output), ...WIDE },
    tokens('tokens_charged', t.charged),
    { ...tokens('tokens_remaining', t.remaining), ...WIDE },
    {
      accessor: 'ending',
      title: t.ending,
      render: (row) => receipt.endings[row.ending],
      visibleMediaQuery: '(min-width: 88em)',
    },
    {
      accessor: 'receipt',
      title: <VisuallyHidden>{t.receipt}</VisuallyHidden>,
      textAlign: 'right',
      render: (row) => (
        <UnstyledButton
          className={classes.link}
          aria-label={t.receiptOf(formats.dateTime(row.occurred_at))}
          onClick={() => onReceipt(row.request_id)}
        >
          <IconStatement size={16} />
          <Text span size="sm" visibleFrom="sm">
            {t.receipt}
          </Text>
        </UnstyledButton>
      ),
    },
  ];
}
