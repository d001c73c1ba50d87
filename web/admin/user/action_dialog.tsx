import { Dialog } from '@shared/components/dialog';
import { type ReactNode, useEffect, useState } from 'react';

interface ActionDialogProps {
  opened: boolean;
  title: string;
  size?: 'md' | 'lg';
  onClose: () => void;
  /** The form, which is made anew with each opening; it says while it must not be interrupted. */
  children: (hold: (busy: boolean) => void) => ReactNode;
}

/** A dialog that does not close while its deed is on the way. */
export function ActionDialog({ opened, title, size = 'md', onClose, children }: ActionDialogProps) {
  const [busy, setBusy] = useState(false);
  return (
    <Dialog opened={opened} title={title} size={size} busy={busy} onClose={onClose}>
      {children(setBusy)}
    </Dialog>
  );
}

/** Holds the dialog while something is on its way, and lets go with the form. */
export function useHold(hold: (busy: boolean) => void, busy: boolean): void {
  useEffect(() => {
    hold(busy);
    return () => hold(false);
  }, [hold, busy]);
}
