/** What forms say of the second person: beforehand, and once it was asked for. */

import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import type { PendingGrantResponse } from '@shared/api/admin.gen';
import { commonTexts, secondPersonTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconInfo, IconUsers } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import { Link } from 'wouter';
import { paths } from '../paths';
import type { Expected } from './use_causes';

/** Before it is sent: nothing where one person is enough. */
export function WillNeedAnother({ expected }: { expected: Expected }) {
  const t = useTexts(secondPersonTexts);
  const formats = useFormats();
  if (expected.causes.length === 0) return null;
  return (
    <Alert
      role="alert"
      color="amber"
      icon={<IconUsers />}
      title={t.beforeTitle}
      c="var(--mantine-color-text)"
    >
      <List size="sm">
        {expected.causes.map((cause) => (
          <List.Item key={cause}>
            {cause === 'above_amount'
              ? t.before.above_amount(formats.integer(expected.limit))
              : t.before.below_price}
          </List.Item>
        ))}
      </List>
      <Text size="sm" mt={4}>
        {t.beforeText}
      </Text>
    </Alert>
  );
}

/** Afterwards: nothing was added yet, and what happens next. */
export function AwaitsAnother({ asked, onClose }: { asked: PendingGrantResponse; onClose: () => void }) {
  const t = useTexts(secondPersonTexts);
  const common = useTexts(commonTexts);
  const formats = useFormats();
  const name = asked.user_name || asked.user_email || asked.user_id;
  return (
    <Stack>
      <Alert
        role="alert"
        color="amber"
        icon={<IconInfo />}
        title={t.waitingTitle}
        c="var(--mantine-color-text)"
      >
        <Text size="sm">{t.waitingText(formats.integer(asked.tokens), name)}</Text>
        <List size="sm">
          {asked.causes.map((cause) => (
            <List.Item key={cause}>{t.causes[cause]}</List.Item>
          ))}
        </List>
        <Text size="sm" mt={4}>
          {t.waitingNext}
        </Text>
      </Alert>
      <Group justify="flex-end">
        <Button component={Link} href={paths.requests} variant="default" onClick={onClose}>
          {t.toList}
        </Button>
        <Button onClick={onClose} data-autofocus>
          {common.close}
        </Button>
      </Group>
    </Stack>
  );
}
