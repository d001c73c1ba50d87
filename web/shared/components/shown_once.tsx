/** A secret that the service tells this one time, with a button that copies it. */

import { Button, Code, Group, Text, VisuallyHidden } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { IconCheck, IconCopy } from '../icons';
import classes from './shown_once.module.css';

interface ShownOnceProps {
  label: string;
  value: string;
  /** That it is not shown again, and what to do with it. */
  note?: string;
}

export function ShownOnce({ label, value, note }: ShownOnceProps) {
  const t = useTexts(commonTexts);
  const clipboard = useClipboard({ timeout: 3_000 });
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {label}
      </Text>
      <Group gap="xs" wrap="nowrap" align="stretch">
        <Code className={classes.value}>{value}</Code>
        <Button
          variant="default"
          className={classes.button ?? ''}
          leftSection={clipboard.copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
          onClick={() => clipboard.copy(value)}
        >
          {clipboard.copied ? t.copied : t.copy}
        </Button>
      </Group>
      <VisuallyHidden aria-live="polite">{clipboard.copied ? t.copied : ''}</VisuallyHidden>
      {note && (
        <Text size="sm" c="dimmed" mt={4}>
          {note}
        </Text>
      )}
    </div>
  );
}
