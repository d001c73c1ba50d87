import { Anchor, Text } from '@mantine/core';
import type { TopConsumerResponse } from '@shared/api/admin.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { EmptyMessage } from '@shared/components/messages';
import { SectionCard } from '@shared/components/section_card';
import { dashboardTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { Link } from 'wouter';
import { usePlans } from '../users/plans';
import { userPath } from '../users/user_path';

/** Who was charged most today. */
export function TopConsumersSection({
  consumers,
}: {
  consumers: readonly TopConsumerResponse[] | undefined;
}) {
  const t = useTexts(dashboardTexts).top;
  const formats = useFormats();
  const planNames = new Map(usePlans().map((plan) => [plan.value, plan.label]));
  const columns: Column<TopConsumerResponse>[] = [
    {
      accessor: 'name',
      title: t.user,
      render: (user) => (
        <>
          <Anchor component={Link} href={userPath(user.user_id)} size="sm" fw={500}>
            {user.name || user.email || user.user_id}
          </Anchor>
          {user.name && user.email && (
            <Text size="xs" c="dimmed">
              {user.email}
            </Text>
          )}
        </>
      ),
    },
    {
      accessor: 'plan_type',
      title: t.plan,
      visibleMediaQuery: '(min-width: 48em)',
      render: (user) => (user.plan_type ? (planNames.get(user.plan_type) ?? user.plan_type) : t.noPlan),
    },
    {
      accessor: 'tokens_consumed_today',
      title: t.consumed,
      textAlign: 'right',
      render: (user) => formats.integer(user.tokens_consumed_today),
    },
    {
      accessor: 'tokens_remaining',
      title: t.remaining,
      textAlign: 'right',
      render: (user) => formats.integer(user.tokens_remaining),
    },
  ];
  return (
    <SectionCard title={t.title}>
      <DataTable
        label={t.title}
        columns={columns}
        rows={consumers}
        rowKey={(user) => user.user_id}
        empty={<EmptyMessage title={t.emptyTitle} text={t.emptyText} />}
      />
    </SectionCard>
  );
}
