/** A package's fields, for a new one and for one that is there. */

import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { OfferedPackageResponse } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { commonTexts, financeTexts, formTexts } from '@shared/i18n';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { call, useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { IntegerField, MoneyField } from '@shared/forms/fields';
import { useFreshBase } from '../forms/use_fresh_base';
import { errorsOf, packageDraft, readPackage } from './price_drafts';
import { PriceFields } from './price_fields';

const READS = ['GET /admin/packages'];

interface PackageFormProps {
  row: OfferedPackageResponse | null;
  onClose: () => void;
}

export default function PackageForm({ row, onClose }: PackageFormProps) {
  const t = useTexts(financeTexts);
  const forms = useTexts(formTexts);
  const common = useTexts(commonTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const notify = useNotice();
  const form = useForm({
    initialValues: packageDraft(row, language),
    validate: (draft) =>
      errorsOf(readPackage(draft, language).problems, {
        id: t.idInvalid,
        name: forms.required,
        place: t.sortOrderInvalid,
        tokens: t.tokensNeeded,
        amount: t.priceNeeded,
      }),
  });
  const fresh = useFreshBase(
    row,
    async () => (await call('GET /admin/packages')).data.find((one) => one.id === row?.id),
    (one) =>
      one === null
        ? []
        : [
            [t.name, one.name],
            [t.tokens, formats.integer(one.tokens)],
            [t.price, formats.money(one.amount_brl)],
            [t.badge, one.badge ?? common.none],
            [t.sortOrder, String(one.sort_order)],
            [t.state, one.active ? t.onSale : t.offSale],
          ],
  );
  const done = (name: string, text: (name: string) => string) => {
    notify(text(name));
    onClose();
  };
  const create = useWrite('POST /admin/packages', {
    refresh: READS,
    onDone: ({ name }) => done(name, forms.created),
    onError: fresh.onError,
  });
  const edit = useWrite('PATCH /admin/packages/{id}', {
    refresh: READS,
    onDone: ({ name }) => done(name, forms.saved),
    onError: fresh.onError,
  });
  const submit = form.onSubmit((draft) => {
    const { body } = readPackage(draft, language);
    const { base } = fresh;
    if (base === null) create.mutate({ body: { id: draft.id, ...body } });
    else edit.mutate({ path: { id: base.id }, body: { ...body, updated_at: base.updated_at } });
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
      <PriceFields form={form} isNew={!row} active={t.onSale}>
        <IntegerField label={t.tokens} required {...form.getInputProps('tokens')} />
        <MoneyField label={t.price} required {...form.getInputProps('amount')} />
        <TextInput
          label={t.badge}
          description={t.badgeHint}
          maxLength={40}
          {...form.getInputProps('badge')}
        />
      </PriceFields>
    </DialogForm>
  );
}
