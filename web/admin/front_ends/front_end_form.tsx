/** A front end's options, for a new key and for one that is there. */

import { Checkbox, PasswordInput, Radio, Select, Stack, Switch, TextInput } from '@mantine/core';
import type { CreatedFrontEndResponse, FrontEndResponse } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { commonTexts } from '@shared/i18n/common';
import { formTexts } from '@shared/i18n/forms';
import { frontEndTexts } from '@shared/i18n/front_ends';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { useState } from 'react';
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
  const [draft, setDraft] = useState(() => draftOf(row, language));
  const [checked, setChecked] = useState(false);
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
  const set = (values: Partial<FrontEndDraft>) => setDraft({ ...draft, ...values });
  const newAccountsAreRight = newAccountsOf(draft, language) !== undefined;
  const submit = () => {
    setChecked(true);
    if (draft.name.trim() === '' || !newAccountsAreRight) return;
    if (fresh.base === null) create.mutate({ body: orderOf(draft, language) });
    else edit.mutate({ path: { id: fresh.base.id }, body: editOf(draft, fresh.base.updated_at, language) });
  };
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
        value={draft.name}
        error={checked && draft.name.trim() === '' && forms.required}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      {!row && (
        <Radio.Group
          label={t.kind}
          value={draft.kind}
          onChange={(kind) => set({ kind: kind as FrontEndDraft['kind'], strict: false, secret: '' })}
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
        checked={draft.linkByEmail}
        onChange={(event) => set({ linkByEmail: event.currentTarget.checked })}
      />
      {draft.kind === 'open_webui' && (
        <SigningFields draft={draft} set={set} hasSecret={row?.has_signing_secret ?? false} />
      )}
      <BlockStyleAndPlan draft={draft} set={set} />
      <IntegerField
        label={t.newAccounts}
        description={t.newAccountsHint}
        value={draft.newAccounts}
        error={checked && !newAccountsAreRight ? t.newAccountsInvalid : null}
        onChange={(newAccounts) => set({ newAccounts })}
      />
    </DialogForm>
  );
}

interface FieldsProps {
  draft: FrontEndDraft;
  set: (values: Partial<FrontEndDraft>) => void;
}

function SigningFields({ draft, set, hasSecret }: FieldsProps & { hasSecret: boolean }) {
  const t = useTexts(frontEndTexts);
  return (
    <>
      <Switch
        label={t.strict}
        description={t.strictHint}
        checked={draft.strict}
        onChange={(event) => set({ strict: event.currentTarget.checked })}
      />
      <PasswordInput
        label={t.secret}
        description={hasSecret ? t.secretKept : t.secretHint}
        autoComplete="off"
        disabled={draft.removeSecret}
        value={draft.secret}
        onChange={(event) => set({ secret: event.currentTarget.value })}
      />
      {hasSecret && !draft.strict && (
        <Checkbox
          label={t.removeSecret}
          checked={draft.removeSecret}
          onChange={(event) => set({ removeSecret: event.currentTarget.checked, secret: '' })}
        />
      )}
    </>
  );
}

function BlockStyleAndPlan({ draft, set }: FieldsProps) {
  const t = useTexts(frontEndTexts);
  const plans = useRead('GET /admin/plans');
  const known = (plans.data?.data ?? [])
    .filter(({ plan_type, active }) => active || plan_type === draft.plan)
    .map(({ plan_type, name }) => ({ value: plan_type, label: name }));
  return (
    <>
      <Radio.Group
        label={t.blockStyle}
        description={t.blockStyleHint}
        value={draft.blockStyle}
        onChange={(value) => set({ blockStyle: value as FrontEndDraft['blockStyle'] })}
      >
        <Stack gap="xs" mt={4}>
          <Radio value="error" label={t.blockStyles.error} />
          <Radio value="assistant_message" label={t.blockStyles.assistant_message} />
        </Stack>
      </Radio.Group>
      <Select
        label={t.plan}
        data={[{ value: '', label: t.defaultPlan }, ...known]}
        value={draft.plan}
        onChange={(plan) => set({ plan: plan ?? '' })}
        allowDeselect={false}
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
