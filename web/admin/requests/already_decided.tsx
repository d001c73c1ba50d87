/** Two people at one request: who comes second reads what happened, and nothing is booked twice. */

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ApiError } from '@shared/api/errors';
import { useTexts } from '@shared/i18n/language';
import { requestsTexts } from '@shared/i18n';
import { IconInfo } from '@shared/icons';
import { useEffect } from 'react';

/** What a decision changes. */
export const REQUEST_READS = [
  'GET /admin/pending-grants',
  'GET /admin/credit-requests',
  'GET /admin/credits/transactions',
  'GET /admin/finance',
  'GET /admin/users',
];

export function wasDecided(error: ApiError | null): error is ApiError {
  return error?.code === 'credit_request_already_decided';
}

export function AlreadyDecided({ error, onClose }: { error: ApiError; onClose: () => void }) {
  const t = useTexts(requestsTexts);
  const client = useQueryClient();
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ['GET /admin/credit-requests'] });
  }, [client]);
  return (
    <Stack>
      <Alert
        role="alert"
        color="amber"
        icon={<IconInfo />}
        title={t.alreadyTitle}
        c="var(--mantine-color-text)"
      >
        <Text size="sm">{error.message}</Text>
        <Text size="sm">{t.alreadyText}</Text>
      </Alert>
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {t.understood}
        </Button>
      </Group>
    </Stack>
  );
}
