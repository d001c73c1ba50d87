import { Button, Group, Text } from '@mantine/core';
import { ApiError } from '@shared/api/errors';
import { ConfirmDialog } from '@shared/components/confirm_dialog';
import { useErrorNotice, useNotice } from '@shared/components/notices';
import { SectionCard } from '@shared/components/section_card';
import { accountTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconSignOut } from '@shared/icons';
import { useSession, useSessionState } from '@shared/session/session';
import { useFormats } from '@shared/session/use_formats';
import { useState } from 'react';
import { useWrite } from '../api';

export function SessionsSection() {
  const t = useTexts(accountTexts);
  const formats = useFormats();
  const { expires_at } = useSession();
  const { signOut } = useSessionState();
  const showError = useErrorNotice();
  const notify = useNotice();
  const [asking, setAsking] = useState(false);
  const endOthers = useWrite('POST /api/auth/session/end-others', {
    refresh: ['session'],
    onDone: () => {
      setAsking(false);
      notify(t.ended);
    },
  });
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
        <Button variant="default" onClick={() => setAsking(true)}>
          {t.endOthers}
        </Button>
      </Group>
      <ConfirmDialog
        opened={asking}
        title={t.endOthersTitle}
        text={t.endOthersText}
        action={t.endOthers}
        danger
        busy={endOthers.isPending}
        onConfirm={() => endOthers.mutate({})}
        onClose={() => setAsking(false)}
      />
    </SectionCard>
  );
}
