/** The last few calls; each leads to its receipt. */

import { Anchor, Skeleton, Table } from '@mantine/core';
import type { PageReceiptResponse } from '@shared/api/proxy.gen';
import { EmptyMessage, ErrorMessage } from '@shared/components/messages';
import { SectionCard } from '@shared/components/section_card';
import { balanceTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { Link } from 'wouter';
import { useRead } from '../api';
import { paths } from '../paths';
import { receiptAddress } from '../statement/addresses';

const SHOWN = 5;
const QUERY = { limit: SHOWN };
const HEIGHT = 222;

export function RecentUse() {
  const t = useTexts(balanceTexts);
  const recent = useRead('GET /api/tokens/history', { query: QUERY });
  const rows = (recent.data as PageReceiptResponse | undefined)?.data;
  return (
    <SectionCard
      title={t.recent}
      actions={
        <Anchor component={Link} href={paths.statement} size="sm">
          {t.recentAll}
        </Anchor>
      }
    >
      {!rows && recent.error && (
        <ErrorMessage error={recent.error} onRetry={() => void recent.refetch()} order={3} />
      )}
      {!rows && !recent.error && <Skeleton height={HEIGHT} />}
      {rows?.length === 0 && <EmptyMessage title={t.recentEmptyTitle} text={t.recentEmptyText} />}
      {rows && rows.length > 0 && <RecentTable rows={rows} />}
    </SectionCard>
  );
}

function RecentTable({ rows }: { rows: PageReceiptResponse['data'] }) {
  const t = useTexts(balanceTexts);
  const formats = useFormats();
  return (
    <Table verticalSpacing="xs" horizontalSpacing="xs" aria-label={t.recent}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t.recentWhen}</Table.Th>
          <Table.Th>{t.recentModel}</Table.Th>
          <Table.Th ta="right">{t.recentCharged}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.request_id}>
            <Table.Td>
              <Anchor
                component={Link}
                href={receiptAddress(row.request_id)}
                size="sm"
                aria-label={t.openReceipt(formats.dateTime(row.occurred_at))}
              >
                {formats.dateTime(row.occurred_at)}
              </Anchor>
            </Table.Td>
            <Table.Td>{row.model_asked}</Table.Td>
            <Table.Td ta="right">{formats.integer(row.tokens_charged)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
