import { Alert, Text, TextInput } from '@mantine/core';
import type { ApiError } from '@shared/api/errors';
import { useNotice } from '@shared/components/notices';
import { useTexts } from '@shared/i18n/language';
import { userActionsTexts } from '@shared/i18n/user_actions';
import { IconAlert } from '@shared/icons';
import { useState } from 'react';
import { useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { ActionDialog, useHold } from './action_dialog';
import { USER_READS } from './after_change';
import type { UserDialogProps, UserFormProps } from './dialogs';
import { isEnough, ReasonField, SHORT_REASON } from './reason_field';

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
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const anonymise = useWrite('POST /admin/users/{id}/anonymise', {
    refresh: USER_READS,
    onDone: () => {
      notify(t.done);
      onClose();
    },
    onError: setError,
  });
  useHold(hold, anonymise.isPending);
  const expected = user.email ?? user.contact_email ?? (user.name || user.id);
  const matches = typed.trim().toLowerCase() === expected.trim().toLowerCase();
  const submit = () => {
    setTried(true);
    setError(null);
    if (matches && isEnough(reason, SHORT_REASON)) {
      anonymise.mutate({ path: { id: user.id }, body: { reason: reason.trim() } });
    }
  };
  return (
    <DialogForm
      action={t.submit}
      danger
      busy={anonymise.isPending}
      error={error}
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
        value={typed}
        error={tried && !matches ? t.mismatch : undefined}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ReasonField value={reason} onChange={setReason} least={SHORT_REASON} tried={tried} />
    </DialogForm>
  );
}
