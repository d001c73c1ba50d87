/** A table whose rows the service sorts, filters and pages. Below it: which rows these are, and the way to the others. */

import { ActionIcon, Group, Select, Text } from '@mantine/core';
import type { DataTableColumn } from 'mantine-datatable';
import { lazy, type ReactNode, Suspense } from 'react';
import { commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { IconChevronLeft, IconChevronRight, IconFirst } from '../icons';
import { useFormats } from '../session/use_formats';
import classes from './data_table.module.css';
import { EmptyMessage, ErrorMessage } from './messages';

export type Column<T> = DataTableColumn<T>;

export interface Sort {
  column: string;
  descending: boolean;
}

/** Pages by number, where the service counts the rows. */
interface NumberedPages {
  page: number;
  pageSize: number;
  total: number | undefined;
  onPage: (page: number) => void;
  onPageSize?: (size: number) => void;
}

/** Pages by cursor: forward, and back the way one came. See `useCursorPages`. */
export interface CursorPages {
  hasPrevious: boolean;
  hasNext: boolean;
  onFirst: () => void;
  onPrevious: () => void;
  onNext: () => void;
}

export interface TableProps<T> {
  /** What the table holds, for screen readers. */
  label: string;
  columns: Column<T>[];
  /** undefined while the first answer is on its way. */
  rows: readonly T[] | undefined;
  rowKey: (row: T) => string;
  /** A new answer is on its way while the former one is shown. */
  fetching?: boolean;
  error?: unknown;
  onRetry?: () => void;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  numbered?: NumberedPages;
  cursor?: CursorPages;
  onRowClick?: (row: T) => void;
  /** Instead of the plain "nothing here". */
  empty?: ReactNode;
  /** Rows drawn as placeholders while the first answer is on its way, so that nothing jumps. */
  expectedRows?: number;
}

const PAGE_SIZES = [10, 20, 50, 100] as const;
export const ROW_PIXELS = 45;

const TableGrid = lazy(() => import('./table_grid')) as <T>(props: TableProps<T>) => ReactNode;

export function DataTable<T>(props: TableProps<T>) {
  const { rows, error, onRetry } = props;
  if (error && rows === undefined) return <ErrorMessage error={error} onRetry={onRetry} />;
  if (rows?.length === 0 && !props.fetching) return <>{props.empty ?? <EmptyMessage />}</>;
  return (
    <div className={classes.frame} aria-busy={rows === undefined || Boolean(props.fetching)}>
      <Suspense fallback={<Placeholder {...props} />}>
        <TableGrid {...props} />
      </Suspense>
      {props.numbered && <NumberedFooter {...props.numbered} />}
      {props.cursor && <CursorFooter {...props.cursor} />}
    </div>
  );
}

/** As high as the rows will be, so that nothing jumps. */
function Placeholder<T>({ rows, expectedRows = 10 }: TableProps<T>) {
  return <div style={{ minHeight: ROW_PIXELS * (rows?.length ?? expectedRows) }} />;
}

function NumberedFooter({ page, pageSize, total, onPage, onPageSize }: NumberedPages) {
  const t = useTexts(commonTexts).table;
  const formats = useFormats();
  const count = total ?? 0;
  const last = Math.max(1, Math.ceil(count / pageSize));
  const from = count === 0 ? 0 : (page - 1) * pageSize + 1;
  const to = Math.min(count, page * pageSize);
  return (
    <Group justify="space-between" className={classes.footer} gap="sm">
      <Text size="sm" c="dimmed" aria-live="polite">
        {total === undefined
          ? ' '
          : t.range(formats.integer(from), formats.integer(to), formats.integer(count))}
      </Text>
      <Group gap="xs">
        {onPageSize && (
          <Select
            size="xs"
            w={76}
            aria-label={t.rowsPerPage}
            data={PAGE_SIZES.map(String)}
            value={String(pageSize)}
            onChange={(value) => value && onPageSize(Number(value))}
            allowDeselect={false}
            comboboxProps={{ withinPortal: true }}
          />
        )}
        <Step label={t.first} icon={<IconFirst size={18} />} disabled={page <= 1} onClick={() => onPage(1)} />
        <Step
          label={t.previous}
          icon={<IconChevronLeft size={18} />}
          disabled={page <= 1}
          onClick={() => onPage(page - 1)}
        />
        <Step
          label={t.next}
          icon={<IconChevronRight size={18} />}
          disabled={page >= last}
          onClick={() => onPage(page + 1)}
        />
      </Group>
    </Group>
  );
}

function CursorFooter({ hasPrevious, hasNext, onFirst, onPrevious, onNext }: CursorPages) {
  const t = useTexts(commonTexts).table;
  if (!hasPrevious && !hasNext) return null;
  return (
    <Group justify="flex-end" className={classes.footer} gap="xs">
      <Step label={t.first} icon={<IconFirst size={18} />} disabled={!hasPrevious} onClick={onFirst} />
      <Step
        label={t.previous}
        icon={<IconChevronLeft size={18} />}
        disabled={!hasPrevious}
        onClick={onPrevious}
      />
      <Step label={t.next} icon={<IconChevronRight size={18} />} disabled={!hasNext} onClick={onNext} />
    </Group>
  );
}

interface StepProps {
  label: string;
  icon: ReactNode;
  disabled: boolean;
  onClick: () => void;
}

function Step({ label, icon, disabled, onClick }: StepProps) {
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      {icon}
    </ActionIcon>
  );
}
