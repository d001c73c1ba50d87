import { Text } from '@mantine/core';
import type { ApiError } from '@shared/api/errors';
import { useNotice } from '@shared/components/notices';
import { useTexts } from '@shared/i18n/language';
import { userActionsTexts } from '@shared/i18n/user_actions';
import { useState } from 'react';
import { useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { ActionDialog, useHold } from './action_dialog';
import { USER_READS } from './after_change';
import { nameOf, type UserDialogProps, type UserFormProps } from './dialogs';
import { isEnough, ReasonField, SHORT_REASON } from './reason_field';

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
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const suspend = useWrite('POST /admin/users/{id}/suspend', {
    refresh: USER_READS,
    onDone: () => {
      notify(t.done);
      onClose();
    },
    onError: setError,
  });
  useHold(hold, suspend.isPending);
  const submit = () => {
    setTried(true);
    setError(null);
    if (isEnough(reason, SHORT_REASON))
      suspend.mutate({ path: { id: user.id }, body: { reason: reason.trim() } });
  };
  return (
    <DialogForm
      action={t.submit}
      danger
      busy={suspend.isPending}
      error={error}
      onSubmit={submit}
      onCancel={onClose}
    >
      <Text size="sm">{t.text(nameOf(user))}</Text>
      <ReasonField value={reason} onChange={setReason} least={SHORT_REASON} tried={tried} autoFocus />
    </DialogForm>
  );
}

function ReactivateForm({ user, hold, onClose }: UserFormProps) {
  const t = useTexts(userActionsTexts).suspending;
  const notify = useNotice();
  const [reason, setReason] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const reactivate = useWrite('POST /admin/users/{id}/reactivate', {
    refresh: USER_READS,
    onDone: () => {
      notify(t.backDone);
      onClose();
    },
    onError: setError,
  });
  useHold(hold, reactivate.isPending);
  const submit = () => {
    setError(null);
    reactivate.mutate({ path: { id: user.id }, body: { reason: reason.trim() || null } });
  };
  return (
    <DialogForm
      action={t.backSubmit}
      busy={reactivate.isPending}
      error={error}
      onSubmit={submit}
      onCancel={onClose}
    >
      <Text size="sm">{t.backText(nameOf(user))}</Text>
      {user.suspension_reason && <Text size="sm">{t.why(user.suspension_reason)}</Text>}
      <ReasonField
        label={t.optionalReason}
        value={reason}
        onChange={setReason}
        least={0}
        tried={false}
        autoFocus
      />
    </DialogForm>
  );
}
