/** After a sign-in with a temporary password: nothing else is shown before it is changed. */

import { Button, Card, Center, Stack, Text, Title } from '@mantine/core';
import { accountTexts, commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { PasswordForm } from '../session/password_form';
import { useSession, useSessionState } from '../session/session';
import { Brand } from './brand';

export default function NewPasswordPage({ app }: { app: 'portal' | 'admin' }) {
  const t = useTexts(accountTexts);
  const common = useTexts(commonTexts);
  const { user } = useSession();
  const { signOut } = useSessionState();
  return (
    <Center component="main" mih="100dvh" p="md">
      <Card w="100%" maw={420} padding="xl" shadow="sm">
        <Stack gap="lg">
          <Brand title={common[app]} />
          <div>
            <Title order={1} size="h2">
              {t.temporaryTitle}
            </Title>
            <Text c="dimmed" size="sm">
              {t.temporaryText}
            </Text>
          </div>
          <PasswordForm email={user.email} temporary />
          <Button variant="subtle" color="gray" onClick={() => void signOut()}>
            {common.signOut}
          </Button>
        </Stack>
      </Card>
    </Center>
  );
}
