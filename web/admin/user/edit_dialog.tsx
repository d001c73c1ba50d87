/** Name, contact address, thresholds. Somebody else's change meanwhile is shown, and what was typed stays. */

import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { UserUpdate, UserDetailResponse } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { commonTexts, userActionsTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { call, useWrite } from '../api';
import type { Described } from '../forms/differences';
import { DialogForm } from '@shared/forms/dialog_form';
import { useFreshBase } from '../forms/use_fresh_base';
import { ActionDialog, useHold } from './action_dialog';
import { USER_READS } from './after_change';
import type { UserDialogProps, UserFormProps } from './dialogs';
import { readThresholds, writeThresholds } from './thresholds';

const EMAIL = /^\S+@\S+\.\S+$/;

export function EditDialog({ user, opened, onClose }: UserDialogProps) {
  const t = useTexts(userActionsTexts).editing;
  return (
    <ActionDialog opened={opened} title={t.title} onClose={onClose}>
      {(hold) => <EditForm user={user} hold={hold} onClose={onClose} />}
    </ActionDialog>
  );
}

function EditForm({ user, hold, onClose }: UserFormProps) {
  const t = useTexts(userActionsTexts).editing;
  const common = useTexts(commonTexts);
  const notify = useNotice();
  const form = useForm({
    initialValues: {
      name: user.name,
      contact: user.contact_email ?? '',
      thresholds: writeThresholds(user.alert_thresholds_percent),
    },
    validate: {
      contact: (text) => (text.trim() === '' || EMAIL.test(text.trim()) ? null : t.contactInvalid),
      thresholds: (text) => (readThresholds(text) === null ? t.thresholdsInvalid : null),
    },
  });
  const describe = (account: UserDetailResponse): Described => [
    [t.name, account.name || t.nothing],
    [t.contact, account.contact_email ?? t.nothing],
    [t.thresholds, writeThresholds(account.alert_thresholds_percent) || t.never],
  ];
  const read = () => call('GET /admin/users/{id}', { path: { id: user.id } });
  const fresh = useFreshBase(user, read, describe);
  const edit = useWrite('PATCH /admin/users/{id}', {
    refresh: USER_READS,
    onDone: () => {
      notify(t.done);
      onClose();
    },
    onError: fresh.onError,
  });
  useHold(hold, edit.isPending);
  const submit = form.onSubmit(({ name, contact, thresholds }) => {
    // A field that is not changed here keeps what another editor gave it.
    const body: UserUpdate = { updated_at: fresh.base.updated_at };
    if (form.isDirty('name')) body.name = name.trim();
    if (form.isDirty('contact')) body.contact_email = contact.trim();
    if (form.isDirty('thresholds')) body.alert_thresholds_percent = readThresholds(thresholds);
    edit.mutate({ path: { id: user.id }, body });
  });
  return (
    <DialogForm
      action={common.save}
      busy={edit.isPending}
      error={fresh.error}
      notice={fresh.notice}
      onSubmit={submit}
      onCancel={onClose}
    >
      <TextInput
        label={t.name}
        autoComplete="off"
        maxLength={200}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <TextInput
        label={t.contact}
        description={t.contactHint}
        type="email"
        autoComplete="off"
        maxLength={254}
        {...form.getInputProps('contact')}
      />
      <TextInput
        label={t.thresholds}
        description={t.thresholdsHint}
        autoComplete="off"
        {...form.getInputProps('thresholds')}
      />
    </DialogForm>
  );
}
