import { Button, Group, Stack, Text } from '@mantine/core';
import type { CreatedFrontEndResponse } from '@shared/api/admin.gen';
import { ShownOnce } from '@shared/components/shown_once';
import { frontEndTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { SettingsBlock } from './settings_block';

/** The key, this one time, and the settings that hold it. */
export function ReadyKey({ created, onClose }: { created: CreatedFrontEndResponse; onClose: () => void }) {
  const t = useTexts(frontEndTexts);
  return (
    <Stack>
      <Text component="output">{t.readyLead}</Text>
      <ShownOnce label={t.key} value={created.key} />
      <SettingsBlock kind={created.kind} settings={created.settings} />
      <Group justify="flex-end">
        <Button onClick={onClose}>{t.understood}</Button>
      </Group>
    </Stack>
  );
}
