/** Pages of a list that the service continues by cursor: forward, and back over the cursors already seen. */

import { useCallback, useMemo, useState } from 'react';
import type { CursorPages } from '../components/data_table';

export interface CursorState {
  /** For the request's `cursor`; undefined on the first page. */
  cursor: string | undefined;
  /** For the table; `next` is the answer's `next_cursor`. */
  pages: (next: string | null | undefined) => CursorPages;
  /** Back to the first page, where the filters changed. */
  reset: () => void;
}

export function useCursorPages(): CursorState {
  const [seen, setSeen] = useState<readonly string[]>([]);
  const reset = useCallback(() => setSeen([]), []);
  return useMemo(
    () => ({
      cursor: seen.at(-1),
      reset,
      pages: (next) => ({
        hasPrevious: seen.length > 0,
        hasNext: Boolean(next),
        onFirst: reset,
        onPrevious: () => setSeen(seen.slice(0, -1)),
        onNext: () => next && setSeen([...seen, next]),
      }),
    }),
    [seen, reset],
  );
}
