/** A table's page, sorting and filters, kept in the address: a link shows the same rows, and the back button goes back. */

import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { Sort } from '../components/data_table';

export interface TableState {
  page: number;
  pageSize: number;
  sort: Sort;
  /** The value of a filter, '' where it is not set. */
  filter: (name: string) => string;
  setPage: (page: number) => void;
  setPageSize: (size: number) => void;
  setSort: (sort: Sort) => void;
  /** Sets filters and goes back to the first page; '' removes one. */
  setFilters: (values: Record<string, string>) => void;
}

export interface TableDefaults {
  sort: Sort;
  pageSize?: number;
}

const PAGE = 'pagina';
const SIZE = 'linhas';
const SORT = 'ordem';

export function useTableState({ sort: defaultSort, pageSize: defaultSize = 20 }: TableDefaults): TableState {
  const [parameters, setParameters] = useSearchParams();
  const change = useCallback(
    (values: Record<string, string>, replace: boolean) =>
      setParameters(
        (present) => {
          const next = new URLSearchParams(present);
          for (const [name, value] of Object.entries(values)) {
            if (value === '') next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace },
      ),
    [setParameters],
  );
  return useMemo(
    () => ({
      page: positive(parameters.get(PAGE), 1),
      pageSize: Math.min(positive(parameters.get(SIZE), defaultSize), 100),
      sort: readSort(parameters.get(SORT)) ?? defaultSort,
      filter: (name) => parameters.get(name) ?? '',
      setPage: (page) => change({ [PAGE]: page === 1 ? '' : String(page) }, false),
      setPageSize: (size) => change({ [SIZE]: size === defaultSize ? '' : String(size), [PAGE]: '' }, true),
      setSort: (sort) => change({ [SORT]: (sort.descending ? '-' : '') + sort.column, [PAGE]: '' }, true),
      setFilters: (values) => change({ ...values, [PAGE]: '' }, true),
    }),
    [parameters, change, defaultSort, defaultSize],
  );
}

function positive(text: string | null, fallback: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : fallback;
}

function readSort(text: string | null): Sort | null {
  if (!text) return null;
  return text.startsWith('-')
    ? { column: text.slice(1), descending: true }
    : { column: text, descending: false };
}
