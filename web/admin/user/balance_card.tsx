import { Card, Group, Text, Title } from '@mantine/core';
import type { UserDetailResponse } from '@shared/api/admin.gen';
import { usedPercent } from '@shared/components/states';
import { UsageBar } from '@shared/components/usage_bar';
import type { Formats } from '@shared/formats';
import { useTexts } from '@shared/i18n/language';
import { userTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import classes from './user.module.css';

/** What is left, of what, and until when. */
export function BalanceCard({ user }: { user: UserDetailResponse }) {
  const t = useTexts(userTexts).balance;
  const formats = useFormats();
  const left = user.wallet.allowance_left + user.credits;
  const total = user.tokens_used + left;
  const percent = usedPercent(user.usage_percent, left);
  return (
    <Card component="section" aria-label={t.title}>
      <Title order={2} fz="1.5rem" mb="xs">
        {t.remaining(user.tokens_remaining, formats.integer(user.tokens_remaining))}
      </Title>
      <UsageBar percent={percent} state={user.state} />
      <Group justify="space-between" mt="xs" gap="xs">
        <Text size="sm" c="dimmed">
          {t.used(formats.integer(user.tokens_used), formats.integer(total))}
        </Text>
        <Text size="sm" fw={600}>
          {t.percent(formats.percent(percent))}
        </Text>
      </Group>
      <Buckets user={user} />
      <Projection user={user} />
    </Card>
  );
}

function Buckets({ user }: { user: UserDetailResponse }) {
  const t = useTexts(userTexts).balance;
  const formats = useFormats();
  const { wallet, counts } = user;
  return (
    <dl className={classes.figures}>
      <Figure
        label={t.allowance}
        value={formats.integer(wallet.allowance)}
        note={t.left(formats.integer(wallet.allowance_left))}
      />
      <Figure label={t.credits} value={formats.integer(user.credits)} note={t.creditsNote} />
      <Figure
        label={t.held}
        value={formats.integer(user.held)}
        note={user.held > 0 ? t.heldNote(counts.open_holds, formats.integer(counts.open_holds)) : undefined}
      />
      {wallet.overage > 0 && (
        <Figure label={t.overage} value={formats.integer(wallet.overage)} note={t.overageNote} />
      )}
      <Figure label={t.period} value={formats.date(wallet.period_start)} />
      <Figure label={t.renews} value={wallet.allowance > 0 ? formats.date(user.renews_at) : t.notRenewed} />
    </dl>
  );
}

function Figure({ label, value, note }: { label: string; value: string; note?: string | undefined }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {value}
        {note && <span className={classes.note}>{note}</span>}
      </dd>
    </div>
  );
}

function Projection({ user }: { user: UserDetailResponse }) {
  const t = useTexts(userTexts).balance;
  const formats = useFormats();
  if (!user.active) return null;
  return user.state === 'blocked' ? (
    <Text size="sm" fw={600} mt="md" c="var(--solaris-blocked-text)">
      {whyStopped(user, t, formats)}
    </Text>
  ) : (
    <Text size="sm" c="dimmed" mt="md">
      {paceOf(user, t, formats)}
    </Text>
  );
}

type BalanceTexts = (typeof userTexts)['en']['balance'];

/** Tokens may be left: too few for the last call. */
function whyStopped({ wallet }: UserDetailResponse, t: BalanceTexts, formats: Formats): string {
  const left = wallet.allowance_left + wallet.credits;
  if (left > 0) return t.stopped(left, formats.integer(left), formats.integer(wallet.refused_tokens));
  return wallet.allowance > 0 ? t.empty : t.nothing;
}

function paceOf(user: UserDetailResponse, t: BalanceTexts, formats: Formats): string {
  const renewed = user.wallet.allowance > 0;
  if (!user.projected_run_out_date) return renewed ? t.lasts : t.lastsTheMonth;
  const day = formats.date(user.projected_run_out_date);
  return renewed ? t.runsOut(day) : t.runsOutForGood(day);
}
