/** A plan's fields, for a new one and for one that is there. */

import { useForm } from '@mantine/form';
import type { PlanResponse } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { commonTexts, financeTexts, formTexts } from '@shared/i18n';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { call, useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { IntegerField, MoneyField } from '@shared/forms/fields';
import { useFreshBase } from '../forms/use_fresh_base';
import { errorsOf, planDraft, readPlan } from './price_drafts';
import { PriceFields } from './price_fields';

const READS = ['GET /admin/plans'];

interface PlanFormProps {
  row: PlanResponse | null;
  onClose: () => void;
}

export default function PlanForm({ row, onClose }: PlanFormProps) {
  const t = useTexts(financeTexts);
  const forms = useTexts(formTexts);
  const common = useTexts(commonTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const notify = useNotice();
  const form = useForm({
    initialValues: planDraft(row, language),
    validate: (draft) =>
      errorsOf(readPlan(draft, language).problems, {
        id: t.idInvalid,
        name: forms.required,
        place: t.sortOrderInvalid,
        tokens: t.tokensInvalid,
        amount: forms.invalidMoney,
        requests: t.rateInvalid,
        rate: t.rateInvalid,
        calls: t.concurrentCallsInvalid,
      }),
  });
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
  const submit = form.onSubmit((draft) => {
    const { body } = readPlan(draft, language);
    const { base } = fresh;
    if (base === null) create.mutate({ body: { plan_type: draft.id, ...body } });
    else edit.mutate({ path: { plan_type: base.plan_type }, body: { ...body, updated_at: base.updated_at } });
  });
  return (
    <DialogForm
      action={row ? common.save : t.create}
      busy={create.isPending || edit.isPending}
      error={fresh.error}
      notice={fresh.notice}
      onSubmit={submit}
      onCancel={onClose}
    >
      <PriceFields form={form} isNew={!row} active={t.planActive}>
        <IntegerField label={t.monthlyTokens} required {...form.getInputProps('tokens')} />
        <MoneyField label={t.priceMonthly} required {...form.getInputProps('amount')} />
        <IntegerField
          label={t.requestsPerMinute}
          description={t.rateHint}
          {...form.getInputProps('requests')}
        />
        <IntegerField label={t.tokensPerMinute} description={t.rateHint} {...form.getInputProps('rate')} />
        <IntegerField
          label={t.concurrentCalls}
          description={t.concurrentCallsHint}
          required
          {...form.getInputProps('calls')}
        />
      </PriceFields>
    </DialogForm>
  );
}
