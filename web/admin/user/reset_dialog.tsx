import { Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNotice } from '@shared/components/notices';
import { useTexts } from '@shared/i18n/language';
import { userActionsTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import { useState } from 'react';
import { useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { ActionDialog, useHold } from './action_dialog';
import { USER_READS } from './after_change';
import type { UserDialogProps, UserFormProps } from './dialogs';
import { LONG_REASON, ReasonField, useReasonRule } from './reason_field';

/** Gives back what was used in this period; one key for each opening. */
export function ResetDialog({ user, opened, onClose }: UserDialogProps) {
  const t = useTexts(userActionsTexts).resetting;
  return (
    <ActionDialog opened={opened} title={t.title} onClose={onClose}>
      {(hold) => <ResetForm user={user} hold={hold} onClose={onClose} />}
    </ActionDialog>
  );
}

function ResetForm({ user, hold, onClose }: UserFormProps) {
  const texts = useTexts(userActionsTexts);
  const t = texts.resetting;
  const formats = useFormats();
  const notify = useNotice();
  const [key] = useState(() => crypto.randomUUID());
  const form = useForm({ initialValues: { reason: '' }, validate: { reason: useReasonRule(LONG_REASON) } });
  const tokens = (count: number) => texts.tokens(count, formats.integer(count));
  const reset = useWrite('POST /admin/users/{id}/reset', {
    refresh: USER_READS,
    onDone: (answer) => {
      notify(t.done(tokens(answer.wallet?.remaining ?? 0)));
      onClose();
    },
    errorNotice: false,
  });
  useHold(hold, reset.isPending);
  const submit = form.onSubmit(({ reason }) =>
    reset.mutate({
      path: { id: user.id },
      header: { 'idempotency-key': key },
      body: { reason: reason.trim() },
    }),
  );
  return (
    <DialogForm
      action={t.submit}
      busy={reset.isPending}
      error={reset.error}
      onSubmit={submit}
      onCancel={onClose}
    >
      <Text size="sm">{t.text(tokens(user.tokens_used))}</Text>
      <Text size="sm">{t.keeps}</Text>
      <ReasonField {...form.getInputProps('reason')} least={LONG_REASON} autoFocus />
    </DialogForm>
  );
}
