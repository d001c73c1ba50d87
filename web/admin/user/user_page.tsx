/** One account: what is left, who it is, what was done, and what can be done. */

import { Alert, Anchor, Button, Skeleton, Stack, Tabs } from '@mantine/core';
import { ApiError } from '@shared/api/errors';
import type { UserDetailResponse } from '@shared/api/admin.gen';
import { ErrorMessage, Message } from '@shared/components/messages';
import { PageHeader } from '@shared/components/page_header';
import { StateBadge } from '@shared/components/state_badge';
import { TimeZoneNote } from '@shared/components/time_zone_note';
import { useTexts } from '@shared/i18n/language';
import { userTexts } from '@shared/i18n';
import { IconAlert, IconChevronLeft, IconSearch } from '@shared/icons';
import { useSession } from '@shared/session/session';
import { useFormats } from '@shared/session/use_formats';
import { lazy, Suspense } from 'react';
import { Link, useParams, useSearchParams } from 'wouter';
import { useRead } from '../api';
import { paths } from '../paths';
import { seesMoney } from '../users/abilities';
import { AccountCard } from './account_card';
import { BalanceCard } from './balance_card';
import { DailySection } from './daily_section';
import { nameOf } from './dialogs';
import classes from './user.module.css';
import { UserActions } from './user_actions';

const AccessSection = lazy(() => import('./access_section'));
const AlertsSection = lazy(() => import('./alerts_section'));
const CreditsSection = lazy(() => import('./credits_section'));
const HistorySection = lazy(() => import('./history_section'));
const REFRESH_SECONDS = 15;
const TAB = 'aba';
const TABS = {
  overview: '',
  history: 'historico',
  credits: 'creditos',
  alerts: 'alertas',
  access: 'acessos',
};
type TabName = keyof typeof TABS;

export default function UserPage() {
  const { id = '' } = useParams<{ id: string }>();
  // Nothing of one account is shown while another one is on its way.
  return <Account key={id} id={id} />;
}

function Account({ id }: { id: string }) {
  const t = useTexts(userTexts);
  const read = useRead('GET /admin/users/{id}', { path: { id } }, { refreshSeconds: REFRESH_SECONDS });
  const user = read.data;
  if (!user) {
    const error = read.error;
    // An id that is none at all is refused as such.
    if (error instanceof ApiError && (error.status === 404 || error.status === 400 || error.status === 422)) {
      return <Unknown />;
    }
    if (error) return <ErrorMessage error={error} onRetry={() => void read.refetch()} order={1} />;
    return <Waiting />;
  }
  return (
    <>
      <BackLink />
      <PageHeader
        title={
          <span className={classes.title}>
            {nameOf(user)} <StateBadge state={user.state} />
          </span>
        }
        lead={
          <>
            {user.name && (user.email ?? user.contact_email)}
            <TimeZoneNote />
          </>
        }
      >
        <UserActions user={user} />
      </PageHeader>
      <Stack gap="md">
        <AccountNotice user={user} />
        <Parts user={user} label={t.tabsLabel} />
      </Stack>
    </>
  );
}

function BackLink() {
  const t = useTexts(userTexts);
  return (
    <Anchor component={Link} href={paths.users} size="sm" className={classes.back ?? ''}>
      <IconChevronLeft size={16} /> {t.back}
    </Anchor>
  );
}

function AccountNotice({ user }: { user: UserDetailResponse }) {
  const t = useTexts(userTexts);
  const formats = useFormats();
  if (user.anonymised_at) {
    return (
      <Alert color="gray" icon={<IconAlert />} c="var(--mantine-color-text)">
        {t.anonymised(formats.date(user.anonymised_at))}
      </Alert>
    );
  }
  if (user.active) return null;
  return (
    <Alert color="red" icon={<IconAlert />} c="var(--mantine-color-text)" title={t.suspended}>
      {user.suspension_reason && t.suspendedWhy(user.suspension_reason)}
    </Alert>
  );
}

function Parts({ user, label }: { user: UserDetailResponse; label: string }) {
  const t = useTexts(userTexts);
  const session = useSession();
  const [parameters, setParameters] = useSearchParams();
  const names = (Object.keys(TABS) as TabName[]).filter(
    (name) => name !== 'credits' || seesMoney(session.user.role),
  );
  const chosen = names.find((name) => TABS[name] === (parameters.get(TAB) ?? '')) ?? 'overview';
  const choose = (name: TabName) =>
    setParameters(() => new URLSearchParams(TABS[name] ? { [TAB]: TABS[name] } : {}));
  return (
    <Tabs value={chosen} onChange={(name) => choose((name ?? 'overview') as TabName)} keepMounted={false}>
      <Tabs.List aria-label={label} mb="md">
        {names.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {t.tabs[name]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {names.map((name) => (
        <Tabs.Panel key={name} value={name}>
          <Suspense fallback={<Skeleton height={300} radius="md" />}>
            <Part name={name} user={user} />
          </Suspense>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function Part({ name, user }: { name: TabName; user: UserDetailResponse }) {
  switch (name) {
    case 'overview':
      return (
        <div className={classes.columns}>
          <Stack gap="md">
            <BalanceCard user={user} />
            <DailySection id={user.id} />
          </Stack>
          <AccountCard user={user} />
        </div>
      );
    case 'history':
      return <HistorySection id={user.id} />;
    case 'credits':
      return <CreditsSection id={user.id} />;
    case 'alerts':
      return <AlertsSection id={user.id} />;
    case 'access':
      return <AccessSection user={user} />;
  }
}

function Waiting() {
  return (
    <>
      <BackLink />
      <Skeleton height={32} width="40%" mb="lg" mt="xs" />
      <div className={classes.columns}>
        <Skeleton height={300} radius="md" />
        <Skeleton height={420} radius="md" />
      </div>
    </>
  );
}

function Unknown() {
  const t = useTexts(userTexts);
  return (
    <Message icon={IconSearch} title={t.notFoundTitle} text={t.notFoundText} order={1}>
      <Button component={Link} href={paths.users} variant="light">
        {t.back}
      </Button>
    </Message>
  );
}
