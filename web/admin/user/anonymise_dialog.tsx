import { Alert, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNotice } from '@shared/components/notices';
import { useTexts } from '@shared/i18n/language';
import { userActionsTexts } from '@shared/i18n';
import { IconAlert } from '@shared/icons';
import { useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { ActionDialog, useHold } from './action_dialog';
import { USER_READS } from './after_change';
import type { UserDialogProps, UserFormProps } from './dialogs';
import { ReasonField, SHORT_REASON, useReasonRule } from './reason_field';

/** Erases who the user was; asks to type his address, since nothing brings him back. */
export function AnonymiseDialog({ user, opened, onClose }: UserDialogProps) {
  const t = useTexts(userActionsTexts).anonymising;
  return (
    <ActionDialog opened={opened} title={t.title} onClose={onClose}>
      {(hold) => <AnonymiseForm user={user} hold={hold} onClose={onClose} />}
    </ActionDialog>
  );
}

function AnonymiseForm({ user, hold, onClose }: UserFormProps) {
  const t = useTexts(userActionsTexts).anonymising;
  const notify = useNotice();
  const anonymise = useWrite('POST /admin/users/{id}/anonymise', {
    refresh: USER_READS,
    onDone: () => {
      notify(t.done);
      onClose();
    },
    errorNotice: false,
  });
  useHold(hold, anonymise.isPending);
  const expected = user.email ?? user.contact_email ?? (user.name || user.id);
  const form = useForm({
    initialValues: { typed: '', reason: '' },
    validate: {
      typed: (text) => (text.trim().toLowerCase() === expected.trim().toLowerCase() ? null : t.mismatch),
      reason: useReasonRule(SHORT_REASON),
    },
  });
  const submit = form.onSubmit(({ reason }) =>
    anonymise.mutate({ path: { id: user.id }, body: { reason: reason.trim() } }),
  );
  return (
    <DialogForm
      action={t.submit}
      danger
      busy={anonymise.isPending}
      error={anonymise.error}
      onSubmit={submit}
      onCancel={onClose}
    >
      <Text size="sm">{t.text}</Text>
      <Alert color="red" icon={<IconAlert />} c="var(--mantine-color-text)">
        {t.forever}
      </Alert>
      <TextInput
        label={t.type(expected)}
        required
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('typed')}
      />
      <ReasonField {...form.getInputProps('reason')} least={SHORT_REASON} />
    </DialogForm>
  );
}
