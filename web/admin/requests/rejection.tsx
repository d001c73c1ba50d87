import { Text, Textarea } from '@mantine/core';
import type { StaffRequestResponse } from '@shared/api/admin.gen';
import type { ApiError } from '@shared/api/errors';
import { useNotice } from '@shared/components/notices';
import { formTexts } from '@shared/i18n/forms';
import { useTexts } from '@shared/i18n/language';
import { requestsTexts } from '@shared/i18n/requests';
import { useState } from 'react';
import { useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { AlreadyDecided, REQUEST_READS, wasDecided } from './already_decided';

const LEAST_CHARACTERS = 3;
const MOST_CHARACTERS = 500;

interface DecisionProps {
  row: StaffRequestResponse;
  onClose: () => void;
}

export function Rejection({ row, onClose }: DecisionProps) {
  const t = useTexts(requestsTexts);
  const forms = useTexts(formTexts);
  const notify = useNotice();
  const [reason, setReason] = useState('');
  const [checked, setChecked] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const reject = useWrite('POST /admin/credit-requests/{ticket_number}/reject', {
    refresh: REQUEST_READS,
    onDone: () => {
      notify(t.rejected(row.ticket_number));
      onClose();
    },
    onError: setError,
  });
  const tooShort = reason.trim().length < LEAST_CHARACTERS;
  const submit = () => {
    setChecked(true);
    if (!tooShort) reject.mutate({ path: { ticket_number: row.ticket_number }, body: { reason } });
  };
  if (wasDecided(error)) return <AlreadyDecided error={error} onClose={onClose} />;
  return (
    <DialogForm
      action={t.reject}
      danger
      busy={reject.isPending}
      error={error}
      onSubmit={submit}
      onCancel={onClose}
    >
      <Text size="sm">{t.rejectLead(row.user_name)}</Text>
      <Textarea
        label={t.reason}
        description={t.reasonHint}
        required
        autosize
        minRows={3}
        maxLength={MOST_CHARACTERS}
        value={reason}
        error={checked && tooShort ? forms.tooShort(LEAST_CHARACTERS) : null}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
    </DialogForm>
  );
}
