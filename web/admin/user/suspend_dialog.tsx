import { Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNotice } from '@shared/components/notices';
import { useTexts } from '@shared/i18n/language';
import { userActionsTexts } from '@shared/i18n';
import { useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { ActionDialog, useHold } from './action_dialog';
import { USER_READS } from './after_change';
import { nameOf, type UserDialogProps, type UserFormProps } from './dialogs';
import { ReasonField, SHORT_REASON, useReasonRule } from './reason_field';

/** Takes the chat away from the user. */
export function SuspendDialog({ user, opened, onClose }: UserDialogProps) {
  const t = useTexts(userActionsTexts).suspending;
  return (
    <ActionDialog opened={opened} title={t.title} onClose={onClose}>
      {(hold) => <SuspendForm user={user} hold={hold} onClose={onClose} />}
    </ActionDialog>
  );
}

/** Gives it back. */
export function ReactivateDialog({ user, opened, onClose }: UserDialogProps) {
  const t = useTexts(userActionsTexts).suspending;
  return (
    <ActionDialog opened={opened} title={t.backTitle} onClose={onClose}>
      {(hold) => <ReactivateForm user={user} hold={hold} onClose={onClose} />}
    </ActionDialog>
  );
}

function SuspendForm({ user, hold, onClose }: UserFormProps) {
  const t = useTexts(userActionsTexts).suspending;
  const notify = useNotice();
  const form = useForm({ initialValues: { reason: '' }, validate: { reason: useReasonRule(SHORT_REASON) } });
  const suspend = useWrite('POST /admin/users/{id}/suspend', {
    refresh: USER_READS,
    onDone: () => {
      notify(t.done);
      onClose();
    },
    errorNotice: false,
  });
  useHold(hold, suspend.isPending);
  const submit = form.onSubmit(({ reason }) =>
    suspend.mutate({ path: { id: user.id }, body: { reason: reason.trim() } }),
  );
  return (
    <DialogForm
      action={t.submit}
      danger
      busy={suspend.isPending}
      error={suspend.error}
      onSubmit={submit}
      onCancel={onClose}
    >
      <Text size="sm">{t.text(nameOf(user))}</Text>
      <ReasonField {...form.getInputProps('reason')} least={SHORT_REASON} autoFocus />
    </DialogForm>
  );
}

function ReactivateForm({ user, hold, onClose }: UserFormProps) {
  const t = useTexts(userActionsTexts).suspending;
  const notify = useNotice();
  const form = useForm({ initialValues: { reason: '' } });
  const reactivate = useWrite('POST /admin/users/{id}/reactivate', {
    refresh: USER_READS,
    onDone: () => {
      notify(t.backDone);
      onClose();
    },
    errorNotice: false,
  });
  useHold(hold, reactivate.isPending);
  const submit = form.onSubmit(({ reason }) =>
    reactivate.mutate({ path: { id: user.id }, body: { reason: reason.trim() || null } }),
  );
  return (
    <DialogForm
      action={t.backSubmit}
      busy={reactivate.isPending}
      error={reactivate.error}
      onSubmit={submit}
      onCancel={onClose}
    >
      <Text size="sm">{t.backText(nameOf(user))}</Text>
      {user.suspension_reason && <Text size="sm">{t.why(user.suspension_reason)}</Text>}
      <ReasonField label={t.optionalReason} {...form.getInputProps('reason')} least={0} autoFocus />
    </DialogForm>
  );
}
