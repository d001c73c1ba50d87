/** A threshold that was crossed and that the reader has not acknowledged yet. */

import { Button, Card, Group, Text } from '@mantine/core';
import type { CurrentTokens } from '@shared/api/proxy.gen';
import { balanceTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconBell } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import { useWrite } from '../api';
import { alertOf } from '../balance/sentences';

/** The same alert is not shown again, here or in the chat's widget, once it was acknowledged. */
export function AlertNotice({ balance }: { balance: CurrentTokens | undefined }) {
  const t = useTexts(balanceTexts);
  const formats = useFormats();
  const acknowledge = useWrite('POST /api/tokens/alerts/acknowledge', {
    refresh: ['GET /api/tokens/current'],
  });
  const alert = balance?.alert ?? null;
  if (!balance || alert === null) return null;
  return (
    <Card role="alert">
      <Group justify="space-between" gap="sm">
        <Group gap="sm" wrap="nowrap">
          <Text component="span" style={{ flex: 'none', display: 'inline-flex' }}>
            <IconBell />
          </Text>
          <Text fw={600}>{alertOf(alert, balance, t, formats)}</Text>
        </Group>
        <Button
          variant="default"
          size="xs"
          loading={acknowledge.isPending}
          onClick={() => acknowledge.mutate({ body: { alert } })}
        >
          {t.acknowledge}
        </Button>
      </Group>
    </Card>
  );
}
