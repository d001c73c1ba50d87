/** Sorting and paging rows that are all here already. */

import type { TableState } from '@shared/data/use_table_state';

/** The rows of the page that `state` asks for; `valueOf` gives a column's value, and null stands last in either order. */
export function localPage<T>(
  rows: readonly T[],
  state: Pick<TableState, 'page' | 'pageSize' | 'sort'>,
  valueOf: (row: T, column: string) => string | number | null,
): T[] {
  const sign = state.sort.descending ? -1 : 1;
  const sorted = rows
    .map((row, place) => ({ row, place, value: valueOf(row, state.sort.column) ?? null }))
    .toSorted((one, other) => compared(one.value, other.value, sign) || one.place - other.place)
    .map(({ row }) => row);
  const last = Math.max(1, Math.ceil(rows.length / state.pageSize));
  const start = (Math.min(state.page, last) - 1) * state.pageSize;
  return sorted.slice(start, start + state.pageSize);
}

function compared(one: string | number | null, other: string | number | null, sign: number): number {
  if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
  if (typeof one === 'number' && typeof other === 'number') return sign * (one - other);
  return sign * String(one).localeCompare(String(other), 'pt-BR');
}
