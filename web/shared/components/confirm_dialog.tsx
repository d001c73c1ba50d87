/** Asks before something that can't be undone. */

import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { Dialog } from './dialog';

interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  /** What will happen, in one or two sentences. */
  text: ReactNode;
  /** The deed itself, as a verb: "Revogar a chave". */
  action: string;
  /** The safe button, where "Cancelar" could be misread: "Manter o pedido". */
  keep?: string;
  danger?: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** The safe button has the focus first; Escape and a click outside close without doing anything. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const t = useTexts(commonTexts);
  return (
    <Dialog opened={props.opened} onClose={props.onClose} title={props.title} busy={props.busy ?? false}>
      <Stack>
        <Text component="div">{props.text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose} disabled={props.busy ?? false} data-autofocus>
            {props.keep ?? t.cancel}
          </Button>
          <Button
            color={props.danger ? 'red' : 'blue'}
            loading={props.busy ?? false}
            onClick={props.onConfirm}
          >
            {props.action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
