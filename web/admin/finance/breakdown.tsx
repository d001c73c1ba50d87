/** The period's transactions by type, and its purchases by package. */

import type { PackageResponse, TypeResponse } from '@shared/api/admin.gen';
import { DataTable } from '@shared/components/data_table';
import { SectionCard } from '@shared/components/section_card';
import { financeTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';

const EXPECTED_ROWS = 4;

export function ByType({ rows }: { rows: TypeResponse[] | undefined }) {
  const t = useTexts(financeTexts);
  const formats = useFormats();
  return (
    <SectionCard title={t.byType}>
      <DataTable
        label={t.byType}
        rows={rows}
        rowKey={(row) => row.transaction_type}
        expectedRows={EXPECTED_ROWS}
        columns={[
          { accessor: 'transaction_type', title: t.type, render: (row) => t.types[row.transaction_type] },
          {
            accessor: 'transactions',
            title: t.count,
            textAlign: 'right',
            render: (row) => formats.integer(row.transactions),
          },
          {
            accessor: 'tokens_added',
            title: t.tokens,
            textAlign: 'right',
            render: (row) => formats.compact(row.tokens_added),
          },
          {
            accessor: 'amount_paid',
            title: t.amount,
            textAlign: 'right',
            render: (row) => formats.money(row.amount_paid),
          },
        ]}
      />
    </SectionCard>
  );
}

export function ByPackage({ rows }: { rows: PackageResponse[] | undefined }) {
  const t = useTexts(financeTexts);
  const formats = useFormats();
  return (
    <SectionCard title={t.byPackage}>
      <DataTable
        label={t.byPackage}
        rows={rows}
        rowKey={(row) => row.package_id ?? ''}
        expectedRows={EXPECTED_ROWS}
        columns={[
          { accessor: 'name', title: t.package, render: (row) => row.name ?? row.package_id ?? t.noPackage },
          {
            accessor: 'purchases',
            title: t.count,
            textAlign: 'right',
            render: (row) => formats.integer(row.purchases),
          },
          {
            accessor: 'tokens',
            title: t.tokens,
            textAlign: 'right',
            render: (row) => formats.compact(row.tokens),
          },
          {
            accessor: 'revenue_brl',
            title: t.amount,
            textAlign: 'right',
            render: (row) => formats.money(row.revenue_brl),
          },
        ]}
      />
    </SectionCard>
  );
}
