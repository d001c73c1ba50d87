import { Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { commonTexts, keysTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconCheck, IconCopy } from '@shared/icons';
import classes from './code_block.module.css';

/** Lines to copy; long ones scroll inside. */
export function CodeBlock({ label, code }: { label: string; code: string }) {
  const t = useTexts(keysTexts);
  const common = useTexts(commonTexts);
  const clipboard = useClipboard({ timeout: 3_000 });
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={t.copyOf(label)}
          leftSection={clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          onClick={() => clipboard.copy(code)}
        >
          {clipboard.copied ? common.copied : common.copy}
        </Button>
      </Group>
      <pre className={classes.code}>
        <code>{code}</code>
      </pre>
      <VisuallyHidden aria-live="polite">{clipboard.copied ? common.copied : ''}</VisuallyHidden>
    </div>
  );
}
