import { Card, Group, Text, Title } from '@mantine/core';
import type { UserDetailAnswer } from '@shared/api/admin.gen';
import { UsageBar } from '@shared/components/usage_bar';
import { useTexts } from '@shared/i18n/language';
import { userTexts } from '@shared/i18n/user';
import { useFormats } from '@shared/session/use_formats';
import classes from './user.module.css';

/** What is left, of what, and until when. */
export function BalanceCard({ user }: { user: UserDetailAnswer }) {
  const t = useTexts(userTexts).balance;
  const formats = useFormats();
  const total = user.tokens_used + user.wallet.allowance_left + user.credits;
  return (
    <Card component="section" aria-label={t.title}>
      <Title order={2} fz="1.5rem" mb="xs">
        {t.remaining(user.tokens_remaining, formats.integer(user.tokens_remaining))}
      </Title>
      <UsageBar percent={user.usage_percent} />
      <Group justify="space-between" mt="xs" gap="xs">
        <Text size="sm" c="dimmed">
          {t.used(formats.integer(user.tokens_used), formats.integer(total))}
        </Text>
        <Text size="sm" fw={600}>
          {t.percent(formats.percent(user.usage_percent))}
        </Text>
      </Group>
      <Buckets user={user} />
      <Projection user={user} />
    </Card>
  );
}

function Buckets({ user }: { user: UserDetailAnswer }) {
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
      <Figure label={t.renews} value={formats.date(user.renews_at)} />
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

function Projection({ user }: { user: UserDetailAnswer }) {
  const t = useTexts(userTexts).balance;
  const formats = useFormats();
  if (!user.active) return null;
  const text =
    user.tokens_remaining <= 0
      ? t.empty
      : user.projected_run_out_date
        ? t.runsOut(formats.date(user.projected_run_out_date))
        : t.lasts;
  return (
    <Text size="sm" c="dimmed" mt="md">
      {text}
    </Text>
  );
}
