import { useCallback, useEffect, useRef } from 'react';

const LEAST_MILLISECONDS = 1_000;
const SHARE_OF_TIME = 10;

/**
 * Calls `work` when asked, at once or as soon as its pace allows: a second apart, or ten times as long as it took the last time, so
 * that an open page never keeps a busy service busier than by a tenth.
 */
export function usePaced(work: () => Promise<unknown>): () => void {
  const latest = useRef(work);
  const state = useRef({ freeAt: 0, timer: null as ReturnType<typeof setTimeout> | null });
  useEffect(() => {
    latest.current = work;
  });
  useEffect(() => {
    const kept = state.current;
    return () => {
      if (kept.timer !== null) clearTimeout(kept.timer);
      kept.timer = null;
    };
  }, []);
  return useCallback(() => {
    const kept = state.current;
    if (kept.timer !== null) return;
    const run = async () => {
      kept.timer = null;
      const startedAt = Date.now();
      await latest.current();
      const took = Date.now() - startedAt;
      kept.freeAt = Date.now() + Math.max(LEAST_MILLISECONDS, took * SHARE_OF_TIME);
    };
    kept.timer = setTimeout(() => void run(), Math.max(0, kept.freeAt - Date.now()));
  }, []);
}
