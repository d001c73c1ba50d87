/** A plan's fields, for a new one and for one that is there. */

import type { PlanResponse } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { commonTexts } from '@shared/i18n/common';
import { financeTexts } from '@shared/i18n/finance';
import { formTexts } from '@shared/i18n/forms';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { useState } from 'react';
import { call, useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { IntegerField, MoneyField } from '@shared/forms/fields';
import { useFreshBase } from '../forms/use_fresh_base';
import { type PlanDraft, planDraft, type Problems, readPlan } from './price_drafts';
import { PriceFields } from './price_fields';

const READS = ['GET /admin/plans'];

interface PlanFormProps {
  row: PlanResponse | null;
  onClose: () => void;
}

export function PlanForm({ row, onClose }: PlanFormProps) {
  const t = useTexts(financeTexts);
  const forms = useTexts(formTexts);
  const common = useTexts(commonTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const notify = useNotice();
  const [draft, setDraft] = useState(() => planDraft(row, language));
  const [problems, setProblems] = useState<Problems<PlanDraft>>({});
  const rate = (value: number | null) => (value === null ? t.noLimit : formats.integer(value));
  const fresh = useFreshBase(
    row,
    async () => (await call('GET /admin/plans')).data.find((one) => one.plan_type === row?.plan_type),
    (one) =>
      one === null
        ? []
        : [
            [t.name, one.name],
            [t.monthlyTokens, formats.integer(one.monthly_tokens)],
            [t.priceMonthly, formats.money(one.price_brl)],
            [t.requestsPerMinute, rate(one.requests_per_minute)],
            [t.tokensPerMinute, rate(one.tokens_per_minute)],
            [t.concurrentCalls, formats.integer(one.concurrent_calls)],
            [t.sortOrder, String(one.sort_order)],
            [t.state, one.active ? t.planActive : t.planInactive],
          ],
  );
  const done = (name: string, text: (name: string) => string) => {
    notify(text(name));
    onClose();
  };
  const create = useWrite('POST /admin/plans', {
    refresh: READS,
    onDone: ({ name }) => done(name, forms.created),
    onError: fresh.onError,
  });
  const edit = useWrite('PATCH /admin/plans/{plan_type}', {
    refresh: READS,
    onDone: ({ name }) => done(name, forms.saved),
    onError: fresh.onError,
  });
  const set = (values: Partial<PlanDraft>) => setDraft({ ...draft, ...values });
  const submit = () => {
    const read = readPlan(draft, language);
    setProblems(read.problems);
    if (Object.keys(read.problems).length > 0) return;
    const { base } = fresh;
    if (base === null) create.mutate({ body: { plan_type: draft.id, ...read.body } });
    else
      edit.mutate({
        path: { plan_type: base.plan_type },
        body: { ...read.body, updated_at: base.updated_at },
      });
  };
  return (
    <DialogForm
      action={row ? common.save : t.create}
      busy={create.isPending || edit.isPending}
      error={fresh.error}
      notice={fresh.notice}
      onSubmit={submit}
      onCancel={onClose}
    >
      <PriceFields draft={draft} problems={problems} isNew={!row} active={t.planActive} set={set}>
        <IntegerField
          label={t.monthlyTokens}
          required
          value={draft.tokens}
          error={problems.tokens && t.tokensInvalid}
          onChange={(tokens) => set({ tokens })}
        />
        <MoneyField
          label={t.priceMonthly}
          required
          value={draft.amount}
          error={problems.amount && forms.invalidMoney}
          onChange={(amount) => set({ amount })}
        />
        <IntegerField
          label={t.requestsPerMinute}
          description={t.rateHint}
          value={draft.requests}
          error={problems.requests && t.rateInvalid}
          onChange={(requests) => set({ requests })}
        />
        <IntegerField
          label={t.tokensPerMinute}
          description={t.rateHint}
          value={draft.rate}
          error={problems.rate && t.rateInvalid}
          onChange={(value) => set({ rate: value })}
        />
        <IntegerField
          label={t.concurrentCalls}
          description={t.concurrentCallsHint}
          required
          value={draft.calls}
          error={problems.calls && t.concurrentCallsInvalid}
          onChange={(calls) => set({ calls })}
        />
      </PriceFields>
    </DialogForm>
  );
}
