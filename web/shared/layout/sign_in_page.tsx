/** Signing in. What went wrong is said in the service's own words, and read out. */

import {
  ActionIcon,
  Alert,
  Button,
  Card,
  Center,
  Group,
  PasswordInput,
  Popover,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import type { ApiError } from '../api/errors';
import { useErrorText } from '../components/error_text';
import { commonTexts, sessionTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { IconAlert, IconEye, IconEyeOff, IconSettings } from '../icons';
import { useSessionState } from '../session/session';
import { Brand } from './brand';
import classes from './sign_in_page.module.css';
import { Choices } from './user_menu';

interface SignInPageProps {
  app: 'portal' | 'admin';
  /** Whether somebody was here before and the session ended. */
  expired: boolean;
}

export default function SignInPage({ app, expired }: SignInPageProps) {
  const t = useTexts(sessionTexts);
  const common = useTexts(commonTexts);
  return (
    <Center component="main" mih="100dvh" p="md">
      <Card w="100%" maw={400} padding="xl" shadow="sm">
        <Stack gap="lg">
          <Group justify="space-between" wrap="nowrap">
            <Brand title={common[app]} />
            <Popover position="bottom-end" width={260} withinPortal>
              <Popover.Target>
                <ActionIcon
                  size="lg"
                  color="gray"
                  c="dimmed"
                  aria-label={`${common.theme}, ${common.language}`}
                >
                  <IconSettings />
                </ActionIcon>
              </Popover.Target>
              <Popover.Dropdown p={4}>
                <Choices />
              </Popover.Dropdown>
            </Popover>
          </Group>
          <div>
            <Title order={1} size="h2">
              {app === 'portal' ? t.portalTitle : t.adminTitle}
            </Title>
            <Text c="dimmed" size="sm">
              {app === 'portal' ? t.portalLead : t.adminLead}
            </Text>
          </div>
          <SignInForm expired={expired} />
        </Stack>
      </Card>
    </Center>
  );
}

function RevealIcon({ reveal }: { reveal: boolean }) {
  return reveal ? <IconEyeOff size={18} /> : <IconEye size={18} />;
}

function SignInForm({ expired }: { expired: boolean }) {
  const t = useTexts(sessionTexts);
  const { signIn } = useSessionState();
  const errorText = useErrorText();
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (text) => (text.trim() === '' ? t.emailMissing : null),
      password: (text) => (text === '' ? t.passwordMissing : null),
    },
  });
  const entering = useMutation<void, ApiError, { email: string; password: string }>({
    mutationFn: ({ email, password }) => signIn(email.trim(), password),
    onError: (error) => {
      if (error.code !== 'invalid_credentials') return;
      form.setFieldValue('password', '');
      form.getInputNode('password')?.focus();
    },
  });
  const submit = form.onSubmit(
    (fields) => entering.mutate(fields),
    (errors) => form.getInputNode(errors.email ? 'email' : 'password')?.focus(),
  );
  const notice = entering.error ? errorText(entering.error) : expired ? t.expired : null;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {notice && (
          <Alert color={entering.error ? 'red' : 'blue'} icon={<IconAlert />} className={classes.notice}>
            {notice}
          </Alert>
        )}
        <TextInput
          label={t.email}
          type="email"
          name="email"
          autoComplete="username"
          inputMode="email"
          autoFocus
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label={t.password}
          name="password"
          autoComplete="current-password"
          {...form.getInputProps('password')}
          visibilityToggleIcon={RevealIcon}
          visibilityToggleButtonProps={{ 'aria-label': t.showPassword, tabIndex: 0 }}
        />
        <Button type="submit" loading={entering.isPending} fullWidth>
          {t.submit}
        </Button>
      </Stack>
    </form>
  );
}
