import { Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { StaffRequestResponse } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { formTexts, requestsTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
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
  const form = useForm({
    initialValues: { reason: '' },
    validate: {
      reason: (text) => (text.trim().length < LEAST_CHARACTERS ? forms.tooShort(LEAST_CHARACTERS) : null),
    },
  });
  const reject = useWrite('POST /admin/credit-requests/{ticket_number}/reject', {
    refresh: REQUEST_READS,
    onDone: () => {
      notify(t.rejected(row.ticket_number));
      onClose();
    },
    errorNotice: false,
  });
  const submit = form.onSubmit((body) => reject.mutate({ path: { ticket_number: row.ticket_number }, body }));
  if (wasDecided(reject.error)) return <AlreadyDecided error={reject.error} onClose={onClose} />;
  return (
    <DialogForm
      action={t.reject}
      danger
      busy={reject.isPending}
      error={reject.error}
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
        {...form.getInputProps('reason')}
        data-autofocus
      />
    </DialogForm>
  );
}
