/** What is left, in one sentence and a bar, and what that means. */

import { Alert, Button, Card, Group, Skeleton, Text } from '@mantine/core';
import type { CurrentTokens } from '@shared/api/proxy.gen';
import { StateBadge } from '@shared/components/state_badge';
import type { UserState } from '@shared/components/states';
import { balanceTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconAlert } from '@shared/icons';
import type { LineState } from '@shared/live/event_line';
import { useFormats } from '@shared/session/use_formats';
import { Link } from 'wouter';
import { nearEnd, paceOf, wayOn, whyStopped } from '../balance/sentences';
import { UseFigures } from '../balance/use_figures';
import { LineBadge } from '../live/line_badge';
import { paths } from '../paths';

interface BalanceCardProps {
  balance: CurrentTokens | undefined;
  line: LineState;
}

export function BalanceCard({ balance, line }: BalanceCardProps) {
  const t = useTexts(balanceTexts);
  const formats = useFormats();
  if (!balance) return <Skeleton height={158} radius="md" />;
  const suspended = balance.state === 'suspended';
  return (
    <Card component="section" aria-label={t.title}>
      <Group justify="space-between" mb="xs" gap="xs">
        <Text fz="1.75rem" fw={650} lh={1.2} aria-live="polite">
          {t.remaining(balance.tokens_remaining, formats.integer(balance.tokens_remaining))}
        </Text>
        <Group gap="xs">
          {!suspended && <LineBadge line={line} />}
          <StateBadge state={balance.state as UserState} />
        </Group>
      </Group>
      <UseFigures balance={balance} />
      <Meaning balance={balance} />
    </Card>
  );
}

function Meaning({ balance }: { balance: CurrentTokens }) {
  const t = useTexts(balanceTexts);
  const formats = useFormats();
  const { state, overage } = balance;
  const pace = paceOf(balance, t, formats);
  if (state === 'normal') {
    return (
      <Text size="sm" c="dimmed" mt="xs">
        {pace}
      </Text>
    );
  }
  const blocked = state === 'blocked';
  const text =
    state === 'suspended'
      ? t.suspended
      : blocked
        ? `${whyStopped(balance, t, formats)} ${wayOn(balance, t, formats)}`
        : `${nearEnd(balance, t, formats)} ${pace}`;
  const urgent = blocked || state === 'suspended';
  return (
    <Alert
      mt="md"
      color={urgent ? 'red' : 'amber'}
      icon={<IconAlert />}
      c="var(--mantine-color-text)"
      role={urgent ? 'alert' : 'status'}
    >
      <Text size="sm">
        {text}
        {overage > 0 && ` ${t.overage(overage, formats.integer(overage))}`}
      </Text>
      {state !== 'suspended' && (
        <Button component={Link} href={paths.credits} size="xs" mt="xs">
          {t.buy}
        </Button>
      )}
    </Alert>
  );
}
