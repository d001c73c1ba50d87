/** Who is signed in, how the pages look, in which language, and the way out. */

import {
  Button,
  Divider,
  Group,
  Popover,
  SegmentedControl,
  Stack,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ApiError } from '../api/errors';
import { useErrorNotice } from '../components/notices';
import { commonTexts } from '../i18n';
import { useLanguage, useTexts } from '../i18n/language';
import type { Language } from '../i18n/texts';
import { IconChevronDown, IconSignOut, IconUser } from '../icons';
import { useSession, useSessionState } from '../session/session';
import classes from './user_menu.module.css';

export function UserMenu() {
  const t = useTexts(commonTexts);
  const { user } = useSession();
  return (
    <Popover width={270} position="bottom-end" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.target} aria-label={t.userMenu(user.name)}>
          <Group gap="xs" wrap="nowrap">
            <IconUser />
            <Text size="sm" fw={500} truncate maw={180} visibleFrom="xs">
              {user.name}
            </Text>
            <IconChevronDown size={16} />
          </Group>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={4} aria-label={t.userMenu(user.name)}>
        <Stack gap={0} px="sm" py="xs">
          <Text fw={600} className={classes.long}>
            {user.name}
          </Text>
          {user.email && (
            <Text size="sm" c="dimmed" className={classes.long}>
              {user.email}
            </Text>
          )}
          <Text size="sm" c="dimmed">
            {t.roles[user.role]}
          </Text>
        </Stack>
        <Divider my={4} />
        <Choices />
        <Divider my={4} />
        <SignOutButton />
      </Popover.Dropdown>
    </Popover>
  );
}

/** Theme and language; also on the sign-in page. */
export function Choices() {
  const t = useTexts(commonTexts);
  const { language, choose } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Stack gap="sm" px="sm" py="xs">
      <div>
        <Text size="xs" c="dimmed" mb={4}>
          {t.theme}
        </Text>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t.theme}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as typeof colorScheme)}
          data={[
            { value: 'auto', label: t.themeAuto },
            { value: 'light', label: t.themeLight },
            { value: 'dark', label: t.themeDark },
          ]}
        />
      </div>
      <div>
        <Text size="xs" c="dimmed" mb={4}>
          {t.language}
        </Text>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t.language}
          value={language}
          onChange={(value) => choose(value as Language)}
          data={LANGUAGE_NAMES}
        />
      </div>
    </Stack>
  );
}

// Each language is named in itself, whatever the page speaks.
const LANGUAGE_NAMES: { value: Language; label: string }[] = [
  { value: 'pt-BR', label: 'Português' },
  { value: 'en', label: 'English' },
];

function SignOutButton() {
  const t = useTexts(commonTexts);
  const { signOut } = useSessionState();
  const showError = useErrorNotice();
  const leaving = useMutation<void, ApiError>({ mutationFn: signOut, onError: showError });
  return (
    <Button
      fullWidth
      variant="subtle"
      justify="flex-start"
      leftSection={<IconSignOut size={18} />}
      loading={leaving.isPending}
      onClick={() => leaving.mutate()}
    >
      {t.signOut}
    </Button>
  );
}
