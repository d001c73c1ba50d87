import { Code, Stack } from '@mantine/core';
import type { ApiKeyResponse, IdentityResponse, UserDetailResponse } from '@shared/api/admin.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { EmptyMessage } from '@shared/components/messages';
import { SectionCard } from '@shared/components/section_card';
import { ToneBadge } from '@shared/components/tone_badge';
import { useTexts } from '@shared/i18n/language';
import { userTexts } from '@shared/i18n';
import { IconKey, IconLink } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';

/** By what the user is known to chats, and the keys with which he calls himself. */
export default function AccessSection({ user }: { user: UserDetailResponse }) {
  return (
    <Stack gap="md">
      <Identities rows={user.identities} />
      <Keys rows={user.api_keys} />
    </Stack>
  );
}

function Identities({ rows }: { rows: readonly IdentityResponse[] }) {
  const t = useTexts(userTexts).access;
  const formats = useFormats();
  const columns: Column<IdentityResponse>[] = [
    { accessor: 'front_end', title: t.frontEnd },
    { accessor: 'external_id', title: t.externalId, render: (row) => <Code>{row.external_id}</Code> },
    { accessor: 'created_at', title: t.since, render: (row) => formats.dateTime(row.created_at) },
  ];
  return (
    <SectionCard title={t.identities}>
      <DataTable
        label={t.identities}
        columns={columns}
        rows={rows}
        rowKey={(row) => `${row.front_end} ${row.external_id}`}
        empty={<EmptyMessage icon={IconLink} title={t.noIdentitiesTitle} text={t.noIdentitiesText} />}
      />
    </SectionCard>
  );
}

function Keys({ rows }: { rows: readonly ApiKeyResponse[] }) {
  const t = useTexts(userTexts).access;
  const formats = useFormats();
  const columns: Column<ApiKeyResponse>[] = [
    { accessor: 'name', title: t.keyName },
    { accessor: 'prefix', title: t.keyPrefix, render: (row) => <Code>{row.prefix}…</Code> },
    { accessor: 'created_at', title: t.created, render: (row) => formats.dateTime(row.created_at) },
    {
      accessor: 'last_used_at',
      title: t.lastUsed,
      render: (row) => (row.last_used_at ? formats.dateTime(row.last_used_at) : t.never),
    },
    {
      accessor: 'revoked_at',
      title: t.state,
      render: (row) =>
        row.revoked_at ? (
          <ToneBadge tone="neutral">{t.revoked(formats.date(row.revoked_at))}</ToneBadge>
        ) : (
          <ToneBadge tone="good">{t.valid}</ToneBadge>
        ),
    },
  ];
  return (
    <SectionCard title={t.keys}>
      <DataTable
        label={t.keys}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        empty={<EmptyMessage icon={IconKey} title={t.noKeysTitle} text={t.noKeysText} />}
      />
    </SectionCard>
  );
}
