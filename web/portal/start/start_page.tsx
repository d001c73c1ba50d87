/** The portal's first page: what is left, until when, and what it went to lately. */

import { SimpleGrid, Stack } from '@mantine/core';
import type { CurrentTokens } from '@shared/api/proxy.gen';
import { ErrorMessage } from '@shared/components/messages';
import { MetricCard } from '@shared/components/metric_card';
import { PageHeader } from '@shared/components/page_header';
import { TimeZoneNote } from '@shared/components/time_zone_note';
import { balanceTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useSession } from '@shared/session/session';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';
import { isRenewed } from '../balance/sentences';
import { useLiveBalance } from '../live/use_live_balance';
import { AlertNotice } from './alert_notice';
import { BalanceCard } from './balance_card';
import { RecentUse } from './recent_use';

const CHANGED_BY_USE = ['GET /api/tokens/history'] as const;

export default function StartPage() {
  const t = useTexts(balanceTexts);
  const { user } = useSession();
  const { balance, error, retry, line } = useLiveBalance(CHANGED_BY_USE);
  return (
    <>
      <PageHeader title={t.greeting(user.name)} lead={<TimeZoneNote />} />
      {error ? (
        <ErrorMessage error={error} onRetry={retry} />
      ) : (
        <Stack>
          <AlertNotice balance={balance} />
          <BalanceCard balance={balance} line={line} />
          <Buckets balance={balance} />
          <RecentUse />
        </Stack>
      )}
    </>
  );
}

function Buckets({ balance }: { balance: CurrentTokens | undefined }) {
  const t = useTexts(balanceTexts);
  const formats = useFormats();
  const plan = useRead('GET /api/auth/me').data?.plan_name;
  const left = balance?.allowance.left ?? 0;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
      <MetricCard
        label={t.allowance}
        value={balance && formats.integer(balance.allowance.granted)}
        note={balance && t.allowanceLeft(left, formats.integer(left))}
      />
      <MetricCard
        label={t.credits}
        value={balance && formats.integer(balance.credits)}
        note={t.creditsNote}
      />
      <MetricCard label={t.held} value={balance && formats.integer(balance.held)} note={t.heldNote} />
      <MetricCard
        label={t.renews}
        value={balance && (isRenewed(balance) ? formats.date(balance.renews_at) : t.notRenewed)}
        note={plan !== undefined && `${t.plan}: ${plan ?? t.noPlan}`}
      />
    </SimpleGrid>
  );
}
