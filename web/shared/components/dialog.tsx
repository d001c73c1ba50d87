import { Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { commonTexts } from '../i18n/common';
import { useTexts } from '../i18n/language';

interface DialogProps {
  opened: boolean;
  title: string;
  size?: 'sm' | 'md' | 'lg' | 'xl';
  onClose: () => void;
  children: ReactNode;
}

/** A dialog with a form or details; the focus returns to where it was. */
export function Dialog({ opened, title, size = 'md', onClose, children }: DialogProps) {
  const t = useTexts(commonTexts);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={size}
      title={<Text fw={650}>{title}</Text>}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      {children}
    </Modal>
  );
}
