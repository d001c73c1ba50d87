import type { UserDetailResponse } from '@shared/api/admin.gen';
import { SectionCard } from '@shared/components/section_card';
import { commonTexts, userActionsTexts, userTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import type { ReactNode } from 'react';
import classes from './user.module.css';

/** Who this is, and by what plan. */
export function AccountCard({ user }: { user: UserDetailResponse }) {
  const t = useTexts(userTexts).account;
  const common = useTexts(commonTexts);
  const actions = useTexts(userActionsTexts);
  const formats = useFormats();
  const { subscription, counts } = user;
  const plan = subscription
    ? t.planLine(
        subscription.plan_name,
        actions.tokens(subscription.monthly_tokens, formats.integer(subscription.monthly_tokens)),
      )
    : t.noPlan;
  const thresholds = user.alert_thresholds_percent.map((percent) => formats.percent(percent)).join(', ');
  const lines: [string, ReactNode][] = [
    [t.email, <Address key="email" email={user.email} verified={user.email_verified} />],
    [t.contact, user.contact_email ?? common.notAvailable],
    [t.role, common.roles[user.role]],
    [t.plan, plan],
    [t.since, subscription ? formats.date(subscription.start_date) : common.notAvailable],
    [t.created, formats.dateTime(user.created_at)],
    [t.lastUsed, user.last_used_at ? formats.dateTime(user.last_used_at) : t.never],
    [t.requests, formats.integer(counts.requests_this_period)],
    [t.pending, counts.pending_credit_requests ? formats.integer(counts.pending_credit_requests) : t.none],
    [t.password, user.has_password ? t.hasPassword : t.noPassword],
    [t.thresholds, thresholds || t.noThresholds],
    [t.code, user.id],
  ];
  return (
    <SectionCard title={t.title}>
      <dl className={classes.facts}>
        {lines.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </SectionCard>
  );
}

function Address({ email, verified }: { email: string | null; verified: boolean }) {
  const t = useTexts(userTexts).account;
  const common = useTexts(commonTexts);
  if (!email) return common.notAvailable;
  return (
    <>
      {email}
      <span className={classes.note}>{verified ? t.verified : t.unverified}</span>
    </>
  );
}
