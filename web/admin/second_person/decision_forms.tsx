/** The dialogs in which a second person confirms or rejects, and the asker cancels. */

import { Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { PendingGrantResponse } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { commonTexts, secondPersonTexts, userActionsTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { DialogForm } from '@shared/forms/dialog_form';
import { useFormats } from '@shared/session/use_formats';
import { useWrite } from '../api';
import classes from '../forms/terms.module.css';
import { LONG_REASON, ReasonField, useReasonRule } from '../user/reason_field';

const READS = [
  'GET /admin/pending-grants',
  'GET /admin/credit-requests',
  'GET /admin/credits/transactions',
  'GET /admin/finance',
  'GET /admin/users',
  'GET /admin/users/{id}',
] as const;

interface FormProps {
  grant: PendingGrantResponse;
  onClose: () => void;
}

export function DecisionForm({ deed, grant, onClose }: FormProps & { deed: 'confirm' | 'reject' }) {
  const t = useTexts(secondPersonTexts);
  const notify = useNotice();
  const form = useForm({ initialValues: { reason: '' }, validate: { reason: useReasonRule(LONG_REASON) } });
  const confirming = deed === 'confirm';
  const done = () => {
    notify(confirming ? t.confirmed(grant.user_name || grant.user_email || '') : t.rejected);
    onClose();
  };
  const options = { refresh: READS, onDone: done, errorNotice: false };
  const approve = useWrite('POST /admin/pending-grants/{id}/approve', options);
  const reject = useWrite('POST /admin/pending-grants/{id}/reject', options);
  const write = confirming ? approve : reject;
  const submit = form.onSubmit(({ reason }) =>
    write.mutate({ path: { id: grant.id }, body: { reason: reason.trim() } }),
  );
  return (
    <DialogForm
      action={confirming ? t.confirm : t.reject}
      danger={!confirming}
      busy={write.isPending}
      error={write.error}
      onSubmit={submit}
      onCancel={onClose}
    >
      <Terms grant={grant} />
      <Text size="sm">{confirming ? t.confirmLead : t.rejectLead}</Text>
      <ReasonField {...form.getInputProps('reason')} least={LONG_REASON} autoFocus />
    </DialogForm>
  );
}

export function CancelForm({ grant, onClose }: FormProps) {
  const t = useTexts(secondPersonTexts);
  const notify = useNotice();
  const cancel = useWrite('POST /admin/pending-grants/{id}/cancel', {
    refresh: READS,
    onDone: () => {
      notify(t.cancelled);
      onClose();
    },
    errorNotice: false,
  });
  return (
    <DialogForm
      action={t.cancel}
      danger
      busy={cancel.isPending}
      error={cancel.error}
      onSubmit={() => cancel.mutate({ path: { id: grant.id } })}
      onCancel={onClose}
    >
      <Terms grant={grant} />
      <Text size="sm">{t.cancelLead}</Text>
    </DialogForm>
  );
}

function Terms({ grant }: { grant: PendingGrantResponse }) {
  const t = useTexts(secondPersonTexts);
  const reasons = useTexts(userActionsTexts).credits.reasons;
  const none = useTexts(commonTexts).notAvailable;
  const formats = useFormats();
  const terms: [string, string][] = [
    [t.user, `${grant.user_name}${grant.user_email ? ` (${grant.user_email})` : ''}`],
    [t.tokens, formats.integer(grant.tokens)],
    [t.amount, formats.money(grant.amount_paid)],
    [t.reason, grant.reason ? reasons[grant.reason] : t.request(grant.ticket_number ?? '')],
    [t.note, grant.note || none],
    [t.why, grant.causes.map((cause) => t.causes[cause]).join('; ')],
    [t.asked, t.askedBy(grant.asked_by_name ?? none, formats.dateTime(grant.asked_at))],
  ];
  return (
    <Stack gap={0}>
      <dl className={classes.terms}>
        {terms.map(([term, text]) => (
          <div key={term} className={classes.term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Stack>
  );
}
