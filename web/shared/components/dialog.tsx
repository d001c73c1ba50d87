import { Modal } from '@mantine/core';
import { useMounted } from '@mantine/hooks';
import { type ReactNode, useLayoutEffect } from 'react';
import { commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import classes from './dialog.module.css';

interface DialogProps {
  opened: boolean;
  title: string;
  size?: 'sm' | 'md' | 'lg' | 'xl';
  /** What is done must not be interrupted: only the buttons inside close it. */
  busy?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog with a form or details; Escape and a click outside close it, and the focus returns to where it was. */
export function Dialog({ opened, title, size = 'md', busy = false, onClose, children }: DialogProps) {
  const t = useTexts(commonTexts);
  useFocusReturn(opened);
  // A dialog that is drawn for the first time already opened would not notice where the focus was.
  const mounted = useMounted();
  return (
    <Modal.Root
      opened={opened && mounted}
      onClose={onClose}
      size={size}
      centered
      closeOnClickOutside={!busy}
      closeOnEscape={!busy}
    >
      <Modal.Overlay backgroundOpacity={0.5} />
      <Modal.Content classNames={{ content: classes.content ?? '' }}>
        {/* No <header>: inside a dialog it would count as a second banner of the page. */}
        <div className={classes.head}>
          <Modal.Title component="h2" className={classes.title}>
            {title}
          </Modal.Title>
          <Modal.CloseButton aria-label={t.close} disabled={busy} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Also where the dialog goes by being taken away with what it shows, which the library's own return does not notice. */
function useFocusReturn(opened: boolean): void {
  useLayoutEffect(() => {
    if (!opened) return undefined;
    const opener = document.activeElement;
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, [opened]);
}
