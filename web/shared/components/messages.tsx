/** What stands where data can't: an error with a way out, nothing found, no access, not there. */

import { Button, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ApiError } from '../api/errors';
import { commonTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { type Icon, IconAlert, IconInfo, IconRefresh, IconSearch, IconShield } from '../icons';
import { useErrorText } from './error_text';

interface MessageProps {
  icon: Icon;
  title: string;
  text?: ReactNode;
  /** Buttons that lead on. */
  children?: ReactNode;
  /** The page's own heading level: 1 where the message is the whole page. */
  order?: 1 | 2 | 3;
}

/** A centred message with an icon. */
export function Message({ icon: MessageIcon, title, text, children, order = 2 }: MessageProps) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      <Text c="dimmed" component="span">
        <MessageIcon size={36} />
      </Text>
      <Title order={order} size="h2">
        {title}
      </Title>
      {text && (
        <Text c="dimmed" maw={480} component="div">
          {text}
        </Text>
      )}
      {children && (
        <Group mt="sm" justify="center">
          {children}
        </Group>
      )}
    </Stack>
  );
}

/** An error where data should be: the service's sentence, the trace id, and trying again. */
export function ErrorMessage({
  error,
  onRetry,
  order,
}: {
  error: unknown;
  onRetry?: () => void;
  order?: 1 | 2 | 3;
}) {
  const t = useTexts(commonTexts);
  const textOf = useErrorText();
  const traceId = error instanceof ApiError ? error.traceId : null;
  if (error instanceof ApiError && error.status === 403) return <ForbiddenMessage />;
  return (
    <div role="alert">
      <Message
        icon={IconAlert}
        title={t.errorTitle}
        {...(order ? { order } : {})}
        text={
          <>
            {textOf(error)}
            {traceId && (
              <Text size="xs" c="dimmed" mt={4}>
                {t.traceId(traceId)}
              </Text>
            )}
          </>
        }
      >
        {onRetry && (
          <Button variant="light" leftSection={<IconRefresh size={18} />} onClick={onRetry}>
            {t.retry}
          </Button>
        )}
      </Message>
    </div>
  );
}

/** Nothing to show; say in `text` what would bring something here. */
export function EmptyMessage({ title, text, children, icon = IconInfo, order = 2 }: Partial<MessageProps>) {
  const t = useTexts(commonTexts);
  return (
    <Message icon={icon} title={title ?? t.emptyTitle} text={text ?? t.emptyText} order={order}>
      {children}
    </Message>
  );
}

/** The reader's role does not open this. */
export function ForbiddenMessage() {
  const t = useTexts(commonTexts);
  return (
    <Message icon={IconShield} title={t.forbiddenTitle} text={t.forbiddenText} order={1}>
      <StartButton />
    </Message>
  );
}

/** There is no such page. */
export function NotFoundMessage() {
  const t = useTexts(commonTexts);
  return (
    <Message icon={IconSearch} title={t.notFoundTitle} text={t.notFoundText} order={1}>
      <StartButton />
    </Message>
  );
}

function StartButton() {
  const t = useTexts(commonTexts);
  return (
    <Button component={Link} href="/" variant="light">
      {t.backToStart}
    </Button>
  );
}
