import type { AlertResponse } from '@shared/api/admin.gen';
import { type Column, DataTable } from '@shared/components/data_table';
import { EmptyMessage } from '@shared/components/messages';
import { SectionCard } from '@shared/components/section_card';
import { useCursorPages } from '@shared/data/use_cursor_pages';
import { useTexts } from '@shared/i18n/language';
import { userTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import { useRead } from '../api';

const ROWS = 20;

/** When the user was told that his balance goes down. */
export default function AlertsSection({ id }: { id: string }) {
  const t = useTexts(userTexts).alerts;
  const formats = useFormats();
  const cursor = useCursorPages();
  const alerts = useRead('GET /admin/users/{id}/alerts', {
    path: { id },
    query: { limit: ROWS, cursor: cursor.cursor ?? null },
  });
  const columns: Column<AlertResponse>[] = [
    { accessor: 'created_at', title: t.when, render: (row) => formats.dateTime(row.created_at) },
    {
      accessor: 'threshold_percent',
      title: t.threshold,
      textAlign: 'right',
      render: (row) => formats.percent(row.threshold_percent),
    },
    {
      accessor: 'usage_percent',
      title: t.usage,
      textAlign: 'right',
      render: (row) => formats.percent(row.usage_percent, 2),
    },
    {
      accessor: 'acknowledged_at',
      title: t.seen,
      render: (row) => (row.acknowledged_at ? formats.dateTime(row.acknowledged_at) : t.notSeen),
    },
  ];
  return (
    <SectionCard title={t.title}>
      <DataTable
        label={t.title}
        columns={columns}
        rows={alerts.data?.data}
        rowKey={(row) => row.id}
        fetching={alerts.isPlaceholderData}
        error={alerts.error}
        onRetry={() => void alerts.refetch()}
        cursor={cursor.pages(alerts.data?.next_cursor)}
        empty={<EmptyMessage title={t.emptyTitle} text={t.emptyText} />}
      />
    </SectionCard>
  );
}
