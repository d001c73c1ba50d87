import { SimpleGrid, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { PendingGrantResponse, StaffRequestResponse } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { formTexts, requestsTexts, secondPersonTexts } from '@shared/i18n';
import { useLanguage, useTexts } from '@shared/i18n/language';
import type { Language } from '@shared/i18n/texts';
import { useFormats } from '@shared/session/use_formats';
import { useState } from 'react';
import { useWrite } from '../api';
import { readDecimal, readInteger, writeDecimal } from '@shared/forms/decimals';
import { DialogForm } from '@shared/forms/dialog_form';
import { IntegerField, MoneyField } from '@shared/forms/fields';
import { AwaitsAnother, WillNeedAnother } from '../second_person/notices';
import { isAsked } from '../second_person/rules';
import { useCauses } from '../second_person/use_causes';
import { AlreadyDecided, REQUEST_READS, wasDecided } from './already_decided';

// As the service has it (`MAX_TOKENS_PER_REQUEST`).
const MOST_TOKENS = 1_000_000_000;
const MOST_CHARACTERS = 500;

interface DecisionProps {
  row: StaffRequestResponse;
  onClose: () => void;
}

export function Approval({ row, onClose }: DecisionProps) {
  const t = useTexts(requestsTexts);
  const forms = useTexts(formTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const notify = useNotice();
  const form = useForm({
    initialValues: {
      amount: row.amount_brl === null ? '' : writeDecimal(row.amount_brl, language),
      tokens: writeDecimal(row.tokens, language, 0, 0),
      reason: '',
    },
    validate: {
      amount: (text) => (readDecimal(text, language) === null ? forms.invalidMoney : null),
      tokens: (text) =>
        readTokens(text, language) === null ? t.tokensInvalid(formats.integer(MOST_TOKENS)) : null,
    },
  });
  const [asked, setAsked] = useState<PendingGrantResponse | null>(null);
  const approve = useWrite('POST /admin/credit-requests/{ticket_number}/approve', {
    refresh: REQUEST_READS,
    onDone: (answer) => {
      if (isAsked(answer)) {
        setAsked(answer);
        return;
      }
      notify(t.approved(row.ticket_number));
      onClose();
    },
    errorNotice: false,
  });
  const paid = readDecimal(form.values.amount, language);
  const given = readTokens(form.values.tokens, language);
  const ask = useTexts(secondPersonTexts).submit;
  const expected = useExpected(row, paid, given);
  const needsAnother = expected.causes.length > 0;
  const submit = form.onSubmit(({ reason }) =>
    approve.mutate({
      path: { ticket_number: row.ticket_number },
      body: { amount_paid: Number(paid), tokens: given, reason },
    }),
  );
  if (asked) return <AwaitsAnother asked={asked} onClose={onClose} />;
  if (wasDecided(approve.error)) return <AlreadyDecided error={approve.error} onClose={onClose} />;
  return (
    <DialogForm
      action={needsAnother ? ask : t.approve}
      busy={approve.isPending}
      error={approve.error}
      onSubmit={submit}
      onCancel={onClose}
    >
      <Lead name={row.user_name} hidden={needsAnother} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <MoneyField
          label={t.amountPaid}
          description={t.amountHint}
          required
          {...form.getInputProps('amount')}
        />
        <IntegerField
          label={t.tokensToGive}
          description={t.tokensHint(formats.integer(row.tokens))}
          required
          {...form.getInputProps('tokens')}
        />
      </SimpleGrid>
      <Textarea
        label={t.message}
        description={t.optional}
        autosize
        minRows={2}
        maxLength={MOST_CHARACTERS}
        {...form.getInputProps('reason')}
      />
      <WillNeedAnother expected={expected} />
    </DialogForm>
  );
}

function readTokens(text: string, language: Language): number | null {
  const tokens = readInteger(text, language);
  return tokens !== null && tokens >= 1 && tokens <= MOST_TOKENS ? tokens : null;
}

/** What happens at once; a second person's confirmation has a notice of its own. */
function Lead({ name, hidden }: { name: string; hidden: boolean }) {
  const t = useTexts(requestsTexts);
  return hidden ? null : <Text size="sm">{t.approveLead(name)}</Text>;
}

/** Why the approval, as typed, will need a second person. */
function useExpected(row: StaffRequestResponse, paid: string | null, tokens: number | null) {
  const amount = Number(paid);
  const listed = row.amount_brl === null ? undefined : { tokens: row.tokens, amount: row.amount_brl };
  return useCauses(paid === null || tokens === null ? null : { tokens, amount, isSale: amount > 0, listed });
}
