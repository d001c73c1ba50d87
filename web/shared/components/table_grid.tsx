/** The rows themselves, drawn by the table library; loaded apart, since the first answer is on its way meanwhile. */

import {
  type DataTableColumn,
  type DataTableProps,
  type DataTableSortStatus,
  DataTable as MantineDataTable,
} from 'mantine-datatable';
import 'mantine-datatable/styles.css';
import { IconChevronUp, IconSort } from '../icons';
import { ROW_PIXELS, type TableProps } from './data_table';
import classes from './data_table.module.css';

/** Drawn by `DataTable`. */
export default function TableGrid<T>({
  label,
  columns,
  rows,
  rowKey,
  fetching,
  sort,
  onSort,
  onRowClick,
  expectedRows = 10,
}: TableProps<T>) {
  const waiting = rows === undefined;
  // Where the order can be chosen, the head is needed on a phone too.
  const stacks = onSort === undefined;
  const status: DataTableSortStatus<T> | undefined = sort && {
    columnAccessor: sort.column,
    direction: sort.descending ? 'desc' : 'asc',
  };
  // The library's properties are a union over all its features: only a value of its own type fits every part of it.
  const properties: DataTableProps<T> = {
    scrollAreaProps: { viewportProps: { tabIndex: 0, role: 'group', 'aria-label': label } },
    columns: stacks ? columns.map(told) : columns,
    records: rows ? [...rows] : [],
    idAccessor: (row: T) => rowKey(row),
    fetching: waiting || Boolean(fetching),
    minHeight: waiting ? ROW_PIXELS * expectedRows : 0,
    // A narrow table scrolls inside its frame rather than breaking every name; a column may say `noWrap: false`.
    defaultColumnProps: { noWrap: true },
    className: stacks ? `${classes.grid} ${classes.stacked}` : classes.grid,
    verticalSpacing: 'xs',
    horizontalSpacing: 'sm',
    highlightOnHover: true,
    // Fainter than the library's: badges keep their contrast on it.
    highlightOnHoverColor: 'color-mix(in srgb, var(--solaris-line) 45%, transparent)',
    withRowBorders: true,
    backgroundColor: 'transparent',
    borderColor: 'var(--solaris-line)',
    rowBorderColor: 'var(--solaris-line)',
  };
  // The library's own message is in English, and stands there unseen but read aloud even where there are rows.
  Object.assign(properties, { noRecordsText: '', noRecordsIcon: <span /> });
  if (status && onSort) {
    Object.assign(properties, {
      sortStatus: status,
      onSortStatusChange: (next: DataTableSortStatus<T>) =>
        onSort({ column: String(next.columnAccessor), descending: next.direction === 'desc' }),
      sortIcons: {
        // The table turns it round where the order is descending.
        sorted: <IconChevronUp size={14} />,
        unsorted: <IconSort size={14} />,
      },
    });
  }
  if (onRowClick) {
    Object.assign(properties, {
      onRowClick: ({ record }: { record: T }) => onRowClick(record),
      rowClassName: classes.clickable,
    });
  }
  return <MantineDataTable<T> {...properties} />;
}

/** The column with its title on each cell: on a phone a row stands as a card, and the head is not seen. */
function told<T>(column: DataTableColumn<T>): DataTableColumn<T> {
  if (typeof column.title !== 'string') return column;
  const label = { 'data-label': column.title };
  return { ...column, customCellAttributes: () => label };
}
