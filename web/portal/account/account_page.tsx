/** Conta: who the reader is here, his password, his sessions, and the counters that read his balance. */

import { Skeleton, Stack, Text } from '@mantine/core';
import type { Me } from '@shared/api/proxy.gen';
import { ErrorMessage } from '@shared/components/messages';
import { PageHeader } from '@shared/components/page_header';
import { SectionCard } from '@shared/components/section_card';
import { TimeZoneNote } from '@shared/components/time_zone_note';
import { accountTexts, commonTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { PasswordForm } from '@shared/session/password_form';
import { useSession } from '@shared/session/session';
import { useFormats } from '@shared/session/use_formats';
import { lazy, Suspense } from 'react';
import { useRead } from '../api';
import classes from './account.module.css';
import { SessionsSection } from './sessions_section';

const WidgetsSection = lazy(() => import('./widgets_section'));

const WIDGETS_PIXELS = 260;

export default function AccountPage() {
  const t = useTexts(accountTexts);
  const { user } = useSession();
  const me = useRead('GET /api/auth/me');
  return (
    <>
      <PageHeader title={t.title} lead={<TimeZoneNote />} />
      <Stack>
        <SectionCard title={t.person}>
          {me.error && !me.data ? (
            <ErrorMessage error={me.error} onRetry={() => void me.refetch()} order={3} />
          ) : (
            <Facts me={me.data} />
          )}
        </SectionCard>
        {user.email && (
          <SectionCard title={t.password}>
            <PasswordForm email={user.email} />
          </SectionCard>
        )}
        <SessionsSection />
        <Suspense fallback={<Skeleton height={WIDGETS_PIXELS} radius="md" />}>
          <WidgetsSection />
        </Suspense>
      </Stack>
    </>
  );
}

function Facts({ me }: { me: Me | undefined }) {
  const t = useTexts(accountTexts);
  const roles = useTexts(commonTexts).roles;
  const formats = useFormats();
  if (!me) return <Skeleton height={132} />;
  const monthly =
    me.monthly_tokens === null
      ? ''
      : ` (${t.monthly(me.monthly_tokens, formats.integer(me.monthly_tokens))})`;
  return (
    <>
      <dl className={classes.facts}>
        <dt>{t.name}</dt>
        <dd>{me.name}</dd>
        <dt>{t.email}</dt>
        <dd>{me.email ?? t.noEmail}</dd>
        <dt>{t.role}</dt>
        <dd>{roles[me.role]}</dd>
        <dt>{t.plan}</dt>
        <dd>{me.plan_name ? me.plan_name + monthly : t.noPlan}</dd>
      </dl>
      <Text size="sm" c="dimmed" mt="sm">
        {t.changes}
      </Text>
    </>
  );
}
