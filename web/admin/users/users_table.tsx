import { ActionIcon, Anchor, Box, Group, Text, VisuallyHidden } from '@mantine/core';
import type { UserResponse } from '@shared/api/admin.gen';
import type { Column } from '@shared/components/data_table';
import { StateBadge } from '@shared/components/state_badge';
import { usedPercent } from '@shared/components/states';
import { ToneBadge } from '@shared/components/tone_badge';
import { UsageBar } from '@shared/components/usage_bar';
import type { Formats } from '@shared/formats';
import type { usersTexts } from '@shared/i18n';
import { IconPlus } from '@shared/icons';
import { Link } from 'wouter';
import { userPath } from './user_path';
import classes from './users.module.css';

// On a phone the state stands below the name, where it is seen without scrolling sideways.
const ABOVE_PHONES = '(min-width: 48em)';

type Texts = (typeof usersTexts)['en'];

interface ColumnsOptions {
  t: Texts;
  formats: Formats;
  planName: (plan: string) => string;
  /** Left out: nobody here may give credits. */
  onAddCredits: ((user: UserResponse) => void) | null;
}

/** The columns of the users' list. */
export function userColumns({ t, formats, planName, onAddCredits }: ColumnsOptions): Column<UserResponse>[] {
  const tokens = (accessor: 'tokens_used' | 'tokens_remaining', title: string): Column<UserResponse> => ({
    accessor,
    title,
    sortable: true,
    textAlign: 'right',
    render: (user) => formats.integer(user[accessor]),
  });
  const columns: Column<UserResponse>[] = [
    { accessor: 'name', title: t.table.name, sortable: true, render: (user) => <Who user={user} t={t} /> },
    {
      accessor: 'state',
      title: t.table.state,
      visibleMediaQuery: ABOVE_PHONES,
      render: (user) => <StateBadge state={user.state} />,
    },
    {
      accessor: 'plan',
      title: t.table.plan,
      visibleMediaQuery: ABOVE_PHONES,
      render: (user) => (user.plan ? planName(user.plan) : <Text c="dimmed">{t.noPlan}</Text>),
    },
    {
      accessor: 'usage_percent',
      title: t.table.usage,
      sortable: true,
      width: 140,
      render: (user) => {
        const percent = usedPercent(user.usage_percent, user.tokens_remaining + user.held);
        return (
          <div className={classes.usage}>
            <UsageBar percent={percent} state={user.state} size="md" />
            <span className={classes.percent}>{formats.percent(percent)}</span>
          </div>
        );
      },
    },
    tokens('tokens_used', t.table.used),
    tokens('tokens_remaining', t.table.remaining),
    {
      accessor: 'credits',
      title: t.table.credits,
      visibleMediaQuery: '(min-width: 90em)',
      textAlign: 'right',
      render: (user) => formats.integer(user.credits),
    },
    {
      accessor: 'created_at',
      title: t.table.created,
      sortable: true,
      render: (user) => formats.date(user.created_at),
    },
  ];
  if (onAddCredits) columns.push(actionColumn(t, onAddCredits));
  return columns;
}

function actionColumn(t: Texts, onAddCredits: (user: UserResponse) => void): Column<UserResponse> {
  return {
    accessor: 'actions',
    title: <VisuallyHidden>{t.table.actions}</VisuallyHidden>,
    textAlign: 'right',
    render: (user) => {
      if (user.role !== 'user') return null;
      const label = t.addCreditsTo(user.name || user.email || user.id);
      return (
        <ActionIcon variant="light" aria-label={label} title={label} onClick={() => onAddCredits(user)}>
          <IconPlus size={18} />
        </ActionIcon>
      );
    },
  };
}

function Who({ user, t }: { user: UserResponse; t: Texts }) {
  const email = user.email ?? user.contact_email;
  return (
    <>
      <Group gap={6} wrap="nowrap">
        <Anchor component={Link} href={userPath(user.id)} size="sm" fw={500} className={classes.name ?? ''}>
          {user.name || email || t.nameless}
        </Anchor>
        {user.role !== 'user' && <ToneBadge tone="neutral">{t.staffBadge}</ToneBadge>}
      </Group>
      {user.name && email && (
        <Text size="xs" c="dimmed" className={classes.name ?? ''} title={email}>
          {email}
        </Text>
      )}
      <Box hiddenFrom="sm" mt={4}>
        <StateBadge state={user.state} />
      </Box>
    </>
  );
}
