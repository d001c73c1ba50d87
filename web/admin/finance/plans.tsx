/** The plans in their order. */

import type { PlanResponse } from '@shared/api/admin.gen';
import { financeTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { lazy } from 'react';
import { useRead } from '../api';
import { figure, PriceSection } from './price_section';

const PlanForm = lazy(() => import('./plan_form'));

export function Plans() {
  const t = useTexts(financeTexts);
  const formats = useFormats();
  const rate = (value: number | null) => (value === null ? t.noLimit : formats.integer(value));
  return (
    <PriceSection<PlanResponse>
      texts={{
        title: t.plansTitle,
        lead: t.plansLead,
        create: t.newPlan,
        edit: t.editPlan,
        on: t.planActive,
        off: t.planInactive,
      }}
      read={useRead('GET /admin/plans')}
      rowKey={(one) => one.plan_type}
      under={(one) => one.plan_type}
      columns={[
        figure('monthly_tokens', t.monthlyTokens, (one) => formats.integer(one.monthly_tokens)),
        figure('price_brl', t.priceMonthly, (one) => formats.money(one.price_brl)),
        figure('requests_per_minute', t.requestsPerMinute, (one) => rate(one.requests_per_minute)),
        figure('tokens_per_minute', t.tokensPerMinute, (one) => rate(one.tokens_per_minute)),
        figure('concurrent_calls', t.concurrentCalls, (one) => formats.integer(one.concurrent_calls)),
        figure('subscribers', t.subscribers, (one) => formats.integer(one.subscribers)),
      ]}
      form={PlanForm}
    />
  );
}
