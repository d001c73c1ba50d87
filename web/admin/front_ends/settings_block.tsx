/** What goes into the chat's own settings, to copy as a whole. */

import { Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import type { FrontEndResponse } from '@shared/api/admin.gen';
import { commonTexts, frontEndTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconCheck, IconCopy } from '@shared/icons';
import classes from './settings_block.module.css';

const COPIED_MILLISECONDS = 3000;

export function SettingsBlock({ kind, settings }: Pick<FrontEndResponse, 'kind' | 'settings'>) {
  const t = useTexts(frontEndTexts);
  const common = useTexts(commonTexts);
  const clipboard = useClipboard({ timeout: COPIED_MILLISECONDS });
  return (
    <div>
      <Group justify="space-between" mb={4} gap="xs">
        <Text size="sm" fw={600}>
          {t.settingsLabels[kind]}
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          onClick={() => clipboard.copy(settings)}
        >
          {clipboard.copied ? common.copied : t.copySettings}
        </Button>
      </Group>
      <pre className={classes.code}>{settings}</pre>
      <VisuallyHidden aria-live="polite">{clipboard.copied ? common.copied : ''}</VisuallyHidden>
    </div>
  );
}
