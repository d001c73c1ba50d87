import { Text } from '@mantine/core';
import { commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { useFormats } from '../session/use_formats';

/** Which time zone the times on this page are in. */
export function TimeZoneNote() {
  const t = useTexts(commonTexts);
  const formats = useFormats();
  return (
    <Text size="xs" c="dimmed">
      {t.timeZoneNote(formats.timeZone())}
    </Text>
  );
}
