/** Which row a dialog is about. The dialog itself stays where it is, so that the focus finds back when it closes. */

import { useCallback, useMemo, useState } from 'react';

export interface DialogTarget<T> {
  opened: boolean;
  /** What it was opened for; kept while it closes. */
  target: T | null;
  open: (target: T) => void;
  close: () => void;
}

export function useDialogTarget<T>(): DialogTarget<T> {
  const [target, setTarget] = useState<T | null>(null);
  const [opened, setOpened] = useState(false);
  const open = useCallback((next: T) => {
    setTarget(next);
    setOpened(true);
  }, []);
  const close = useCallback(() => setOpened(false), []);
  return useMemo(() => ({ opened, target, open, close }), [opened, target, open, close]);
}
