import { Button, Group, Text } from '@mantine/core';
import { useErrorNotice } from '@shared/components/notices';
import { SectionCard } from '@shared/components/section_card';
import { ApiError } from '@shared/api/errors';
import { accountTexts } from '@shared/i18n/account';
import { useTexts } from '@shared/i18n/language';
import { IconSignOut } from '@shared/icons';
import { useSession, useSessionState } from '@shared/session/session';
import { useFormats } from '@shared/session/use_formats';

export function SessionsSection() {
  const t = useTexts(accountTexts);
  const formats = useFormats();
  const { expires_at } = useSession();
  const { signOut } = useSessionState();
  const showError = useErrorNotice();
  const leave = () => {
    signOut().catch((error: unknown) => {
      if (error instanceof ApiError) showError(error);
    });
  };
  return (
    <SectionCard title={t.sessions}>
      <Text size="sm" c="dimmed" mb="sm">
        {t.sessionsText(formats.dateTime(expires_at))}
      </Text>
      <Group>
        <Button variant="default" leftSection={<IconSignOut size={18} />} onClick={leave}>
          {t.signOut}
        </Button>
      </Group>
    </SectionCard>
  );
}
