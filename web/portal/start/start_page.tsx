/** The portal's first page: what is left, and until when. */

import { Alert, Card, Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import type { CurrentTokens } from '@shared/api/proxy.gen';
import { ErrorMessage } from '@shared/components/messages';
import { MetricCard } from '@shared/components/metric_card';
import { PageHeader } from '@shared/components/page_header';
import { StateBadge } from '@shared/components/state_badge';
import type { UserState } from '@shared/components/states';
import { TimeZoneNote } from '@shared/components/time_zone_note';
import { UsageBar } from '@shared/components/usage_bar';
import { balanceTexts } from '@shared/i18n/balance';
import { useTexts } from '@shared/i18n/language';
import { IconAlert } from '@shared/icons';
import { useSession } from '@shared/session/session';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';

export default function StartPage() {
  const t = useTexts(balanceTexts);
  const { user } = useSession();
  const current = useRead('GET /api/tokens/current');
  const balance = current.data;
  return (
    <>
      <PageHeader title={t.greeting(user.name)} lead={<TimeZoneNote />} />
      {current.error && !balance ? (
        <ErrorMessage error={current.error} onRetry={() => void current.refetch()} />
      ) : (
        <Stack>
          <BalanceCard balance={balance} />
          <Buckets balance={balance} />
        </Stack>
      )}
    </>
  );
}

interface BalanceProps {
  balance: CurrentTokens | undefined;
}

function BalanceCard({ balance }: BalanceProps) {
  const t = useTexts(balanceTexts);
  const formats = useFormats();
  if (!balance) return <Skeleton height={158} radius="md" />;
  const total = balance.tokens_used + balance.allowance.left + balance.credits;
  return (
    <Card component="section" aria-label={t.title}>
      <Group justify="space-between" mb="xs">
        <Text fz="1.75rem" fw={650} lh={1.2}>
          {t.remaining(balance.tokens_remaining, formats.integer(balance.tokens_remaining))}
        </Text>
        <StateBadge state={balance.state as UserState} />
      </Group>
      <UsageBar percent={balance.usage_percent} />
      <Group justify="space-between" mt="xs" gap="xs">
        <Text size="sm" c="dimmed">
          {t.used(formats.integer(balance.tokens_used), formats.integer(total))}
        </Text>
        <Text size="sm" fw={600}>
          {t.percent(formats.percent(balance.usage_percent))}
        </Text>
      </Group>
      <BalanceNotice balance={balance} />
    </Card>
  );
}

function BalanceNotice({ balance }: { balance: CurrentTokens }) {
  const t = useTexts(balanceTexts);
  const formats = useFormats();
  const urgent = balance.state === 'suspended' ? t.suspended : balance.state === 'blocked' ? t.blocked : null;
  if (urgent) {
    return (
      <Alert mt="md" color="red" icon={<IconAlert />} c="var(--mantine-color-text)">
        {urgent}
        {balance.overage > 0 && ` ${t.overage(formats.integer(balance.overage))}`}
      </Alert>
    );
  }
  return (
    <Text size="sm" c="dimmed" mt="xs">
      {balance.projected_run_out_date ? t.runsOut(formats.date(balance.projected_run_out_date)) : t.lasts}
    </Text>
  );
}

function Buckets({ balance }: BalanceProps) {
  const t = useTexts(balanceTexts);
  const formats = useFormats();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
      <MetricCard
        label={t.allowance}
        value={balance && formats.integer(balance.allowance.granted)}
        note={balance && t.allowanceLeft(formats.integer(balance.allowance.left))}
      />
      <MetricCard
        label={t.credits}
        value={balance && formats.integer(balance.credits)}
        note={t.creditsNote}
      />
      <MetricCard label={t.held} value={balance && formats.integer(balance.held)} note={t.heldNote} />
      <MetricCard
        label={t.renews}
        value={balance && formats.date(balance.renews_at)}
        note={balance && `${t.plan}: ${balance.plan ?? t.noPlan}`}
      />
    </SimpleGrid>
  );
}
