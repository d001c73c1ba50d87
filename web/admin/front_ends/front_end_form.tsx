/** A front end's options, for a new key and for one that is there. */

import { Checkbox, PasswordInput, Radio, Select, Stack, Switch, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import type { CreatedFrontEndResponse, FrontEndResponse } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { commonTexts, formTexts, frontEndTexts } from '@shared/i18n';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { call, useRead, useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { IntegerField } from '@shared/forms/fields';
import { useFormats } from '@shared/session/use_formats';
import { useFreshBase } from '../forms/use_fresh_base';
import { draftOf, type FrontEndDraft, newAccountsOf, orderOf, editOf } from './front_end_draft';

const READS = ['GET /admin/front-end-keys'];

interface FrontEndFormProps {
  row: FrontEndResponse | null;
  onCreated: (created: CreatedFrontEndResponse) => void;
  onClose: () => void;
}

export function FrontEndForm({ row, onCreated, onClose }: FrontEndFormProps) {
  const t = useTexts(frontEndTexts);
  const forms = useTexts(formTexts);
  const common = useTexts(commonTexts);
  const notify = useNotice();
  const { language } = useLanguage();
  const form = useForm({
    initialValues: draftOf(row, language),
    validate: {
      name: (text) => (text.trim() === '' ? forms.required : null),
      newAccounts: (_, draft) => (newAccountsOf(draft, language) === undefined ? t.newAccountsInvalid : null),
    },
  });
  const fresh = useFreshBase(
    row,
    async () => (await call('GET /admin/front-end-keys')).data.find((one) => one.id === row?.id),
    useDescription(),
  );
  const create = useWrite('POST /admin/front-end-keys', {
    refresh: READS,
    onDone: onCreated,
    onError: fresh.onError,
  });
  const edit = useWrite('PATCH /admin/front-end-keys/{id}', {
    refresh: READS,
    onDone: ({ name }) => {
      notify(forms.saved(name));
      onClose();
    },
    onError: fresh.onError,
  });
  const submit = form.onSubmit((draft) => {
    const { base } = fresh;
    if (base === null) create.mutate({ body: orderOf(draft, language) });
    else edit.mutate({ path: { id: base.id }, body: editOf(draft, base.updated_at, language) });
  });
  return (
    <DialogForm
      action={row ? common.save : t.createAction}
      busy={create.isPending || edit.isPending}
      error={fresh.error}
      notice={fresh.notice}
      onSubmit={submit}
      onCancel={onClose}
    >
      <TextInput
        label={t.name}
        description={t.nameHint}
        required
        maxLength={80}
        {...form.getInputProps('name')}
      />
      {!row && (
        <Radio.Group
          label={t.kind}
          value={form.values.kind}
          onChange={(kind) =>
            form.setValues({ kind: kind as FrontEndDraft['kind'], strict: false, secret: '' })
          }
        >
          <Stack gap="xs" mt={4}>
            <Radio value="librechat" label={t.kinds.librechat} />
            <Radio value="open_webui" label={t.kinds.open_webui} />
          </Stack>
        </Radio.Group>
      )}
      <Switch
        label={t.linkByEmail}
        description={t.linkByEmailHint}
        {...form.getInputProps('linkByEmail', { type: 'checkbox' })}
      />
      {form.values.kind === 'open_webui' && (
        <SigningFields form={form} hasSecret={row?.has_signing_secret ?? false} />
      )}
      <BlockStyleAndPlan form={form} />
      <IntegerField
        label={t.newAccounts}
        description={t.newAccountsHint}
        {...form.getInputProps('newAccounts')}
      />
    </DialogForm>
  );
}

interface FieldsProps {
  form: UseFormReturnType<FrontEndDraft>;
}

function SigningFields({ form, hasSecret }: FieldsProps & { hasSecret: boolean }) {
  const t = useTexts(frontEndTexts);
  return (
    <>
      <Switch
        label={t.strict}
        description={t.strictHint}
        {...form.getInputProps('strict', { type: 'checkbox' })}
      />
      <PasswordInput
        label={t.secret}
        description={hasSecret ? t.secretKept : t.secretHint}
        autoComplete="off"
        disabled={form.values.removeSecret}
        {...form.getInputProps('secret')}
      />
      {hasSecret && !form.values.strict && (
        <Checkbox
          label={t.removeSecret}
          checked={form.values.removeSecret}
          onChange={(event) => form.setValues({ removeSecret: event.currentTarget.checked, secret: '' })}
        />
      )}
    </>
  );
}

function BlockStyleAndPlan({ form }: FieldsProps) {
  const t = useTexts(frontEndTexts);
  const plans = useRead('GET /admin/plans');
  const known = (plans.data?.data ?? [])
    .filter(({ plan_type, active }) => active || plan_type === form.values.plan)
    .map(({ plan_type, name }) => ({ value: plan_type, label: name }));
  return (
    <>
      <Radio.Group label={t.blockStyle} description={t.blockStyleHint} {...form.getInputProps('blockStyle')}>
        <Stack gap="xs" mt={4}>
          <Radio value="error" label={t.blockStyles.error} />
          <Radio value="assistant_message" label={t.blockStyles.assistant_message} />
        </Stack>
      </Radio.Group>
      <Select
        label={t.plan}
        data={[{ value: '', label: t.defaultPlan }, ...known]}
        allowDeselect={false}
        {...form.getInputProps('plan')}
      />
    </>
  );
}

/** A front end's options as they are read. */
function useDescription() {
  const t = useTexts(frontEndTexts);
  const common = useTexts(commonTexts);
  const formats = useFormats();
  const yesNo = (value: boolean) => (value ? common.yes : common.no);
  return (row: FrontEndResponse | null) =>
    row === null
      ? []
      : [
          [t.name, row.name] as const,
          [t.linkByEmail, yesNo(row.link_by_email)] as const,
          [t.strict, yesNo(row.strict)] as const,
          [t.secret, yesNo(row.has_signing_secret)] as const,
          [t.blockStyle, t.blockStyles[row.block_style]] as const,
          [t.plan, row.plan_type ?? t.defaultPlan] as const,
          [t.newAccounts, formats.integer(row.new_accounts_limit)] as const,
        ];
}
