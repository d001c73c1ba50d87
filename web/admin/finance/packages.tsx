/** The packages in the shop's order. */

import type { OfferedPackageResponse } from '@shared/api/admin.gen';
import { financeTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { lazy } from 'react';
import { useRead } from '../api';
import { figure, PriceSection } from './price_section';

const PackageForm = lazy(() => import('./package_form'));

export function Packages() {
  const t = useTexts(financeTexts);
  const formats = useFormats();
  return (
    <PriceSection<OfferedPackageResponse>
      texts={{
        title: t.packagesTitle,
        lead: t.packagesLead,
        create: t.newPackage,
        edit: t.editPackage,
        on: t.onSale,
        off: t.offSale,
      }}
      read={useRead('GET /admin/packages')}
      rowKey={(one) => one.id}
      under={(one) => (one.badge ? `${one.id} · ${one.badge}` : one.id)}
      columns={[
        figure('tokens', t.tokens, (one) => formats.integer(one.tokens)),
        figure('amount_brl', t.price, (one) => formats.money(one.amount_brl)),
        figure('per_thousand', t.perThousand, (one) => formats.money((one.amount_brl / one.tokens) * 1000)),
      ]}
      form={PackageForm}
    />
  );
}
