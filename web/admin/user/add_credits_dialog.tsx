/** "Adicionar Créditos": one key for each opening, so that a second press or another try adds nothing twice. */

import { Alert, Button, Group, Select, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ApiError } from '@shared/api/errors';
import type { GrantResponse, PendingGrantResponse } from '@shared/api/admin.gen';
import { commonTexts, secondPersonTexts, userActionsTexts } from '@shared/i18n';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { IconCheck, IconInfo } from '@shared/icons';
import { useFormats } from '@shared/session/use_formats';
import { useState } from 'react';
import { useRead, useWrite } from '../api';
import { writeDecimal } from '@shared/forms/decimals';
import { DialogForm } from '@shared/forms/dialog_form';
import { IntegerField, MoneyField } from '@shared/forms/fields';
import { ActionDialog, useHold } from './action_dialog';
import { USER_READS } from './after_change';
import { AwaitsAnother, WillNeedAnother } from '../second_person/notices';
import { isAsked } from '../second_person/rules';
import { useCauses } from '../second_person/use_causes';
import { BalanceSteps } from './balance_steps';
import { bodyOf, type GrantFields, plannedOf, problemsOf, REASONS, remainingAfter, tokensOf } from './grant';
import classes from './user.module.css';

interface Receiver {
  id: string;
  name: string;
  email: string | null;
}

interface AddCreditsDialogProps {
  user: Receiver;
  opened: boolean;
  onClose: () => void;
}

interface Granted {
  answer: GrantResponse;
  before: number | undefined;
}

const EMPTY: GrantFields = { tokens: '', reason: 'compra_email', amount: '', note: '' };
const MOST_NOTE_CHARACTERS = 500;

export function AddCreditsDialog({ user, opened, onClose }: AddCreditsDialogProps) {
  const t = useTexts(userActionsTexts).credits;
  return (
    <ActionDialog opened={opened} title={t.title(nameOf(user))} size="lg" onClose={onClose}>
      {(hold) => <AddCredits user={user} hold={hold} onClose={onClose} />}
    </ActionDialog>
  );
}

function nameOf(user: Receiver): string {
  return user.name || user.email || user.id;
}

interface AddCreditsProps {
  user: Receiver;
  hold: (busy: boolean) => void;
  onClose: () => void;
}

function AddCredits({ user, hold, onClose }: AddCreditsProps) {
  const [key] = useState(() => crypto.randomUUID());
  const [granted, setGranted] = useState<Granted | null>(null);
  const [asked, setAsked] = useState<PendingGrantResponse | null>(null);
  const detail = useRead('GET /admin/users/{id}', { path: { id: user.id } });
  const [before, setBefore] = useState<number>();
  const grant = useWrite('POST /admin/users/{id}/credits', {
    refresh: [...USER_READS, 'GET /admin/pending-grants'],
    onDone: (answer) => (isAsked(answer) ? setAsked(answer) : setGranted({ answer, before })),
    errorNotice: false,
  });
  useHold(hold, grant.isPending);
  const { language } = useLanguage();
  const send = (fields: GrantFields) => {
    setBefore(detail.data?.tokens_remaining);
    grant.mutate({
      path: { id: user.id },
      header: { 'idempotency-key': key },
      body: bodyOf(fields, language),
    });
  };
  if (asked) return <AwaitsAnother asked={asked} onClose={onClose} />;
  if (granted) return <Done name={nameOf(user)} granted={granted} onClose={onClose} />;
  return (
    <GrantForm
      balance={
        detail.data && { remaining: detail.data.tokens_remaining, overage: detail.data.wallet.overage }
      }
      busy={grant.isPending}
      error={grant.error}
      onSend={send}
      onCancel={onClose}
    />
  );
}

interface Balance {
  remaining: number;
  overage: number;
}

interface GrantFormProps {
  balance: Balance | undefined;
  busy: boolean;
  error: ApiError | null;
  onSend: (fields: GrantFields) => void;
  onCancel: () => void;
}

function GrantForm({ balance, busy, error, onSend, onCancel }: GrantFormProps) {
  const texts = useTexts(userActionsTexts);
  const t = texts.credits;
  const { language } = useLanguage();
  const form = useForm({
    initialValues: EMPTY,
    validate: (fields) => {
      const problems = problemsOf(fields, language);
      const amount = problems.find((one) => one !== 'tokens');
      return { tokens: problems.includes('tokens') && t.tokensInvalid, amount: amount && t[amount] };
    },
  });
  const fields = form.values;
  const ask = useTexts(secondPersonTexts).submit;
  const expected = useCauses(plannedOf(fields, language));
  return (
    <DialogForm
      action={expected.causes.length > 0 ? ask : t.submit}
      busy={busy}
      error={error}
      notice={error?.mayPass ? <Unsure /> : undefined}
      onSubmit={form.onSubmit(onSend)}
      onCancel={onCancel}
    >
      <Packages onChoose={(tokens, amount) => form.setValues({ tokens, amount, reason: 'compra_email' })} />
      <IntegerField label={t.tokens} required {...form.getInputProps('tokens')} />
      <Select
        label={t.reason}
        data={REASONS.map((value) => ({ value, label: t.reasons[value] }))}
        {...form.getInputProps('reason')}
        allowDeselect={false}
      />
      <MoneyField
        label={t.amount}
        description={fields.reason === 'compra_email' ? undefined : t.amountHint}
        required={fields.reason === 'compra_email'}
        {...form.getInputProps('amount')}
      />
      <Textarea
        label={t.note}
        description={t.noteHint}
        autosize
        minRows={2}
        maxRows={5}
        maxLength={MOST_NOTE_CHARACTERS}
        {...form.getInputProps('note')}
      />
      <Preview balance={balance} tokens={tokensOf(fields.tokens, language)} />
      <WillNeedAnother expected={expected} />
    </DialogForm>
  );
}

function Packages({ onChoose }: { onChoose: (tokens: string, amount: string) => void }) {
  const t = useTexts(userActionsTexts).credits;
  const formats = useFormats();
  const { language } = useLanguage();
  const packages = useRead('GET /admin/packages').data?.data.filter((one) => one.active) ?? [];
  if (packages.length === 0) return null;
  return (
    <fieldset className={classes.plain}>
      <legend className={classes.legend}>{t.packages}</legend>
      <Group gap="xs">
        {packages.map((one) => (
          <Button
            key={one.id}
            size="xs"
            variant="default"
            onClick={() =>
              onChoose(writeDecimal(one.tokens, language, 0, 0), writeDecimal(one.amount_brl, language))
            }
          >
            {t.package(one.name, formats.money(one.amount_brl))}
          </Button>
        ))}
      </Group>
    </fieldset>
  );
}

function Preview({ balance, tokens }: { balance: Balance | undefined; tokens: number | null }) {
  const t = useTexts(userActionsTexts);
  const formats = useFormats();
  const after =
    balance && tokens !== null
      ? formats.integer(remainingAfter(balance.remaining, balance.overage, tokens))
      : t.balance.unknown;
  return (
    <div>
      <BalanceSteps
        steps={[
          [t.balance.now, balance ? formats.integer(balance.remaining) : t.balance.unknown],
          [t.balance.after, after],
        ]}
      />
      {balance !== undefined && balance.overage > 0 && (
        <Text size="sm" c="dimmed" mt={4}>
          {t.credits.overage(formats.integer(balance.overage))}
        </Text>
      )}
    </div>
  );
}

function Unsure() {
  const t = useTexts(userActionsTexts).credits;
  return (
    <Alert role="alert" color="amber" icon={<IconInfo />} c="var(--mantine-color-text)">
      {t.unsure}
    </Alert>
  );
}

function Done({ name, granted, onClose }: { name: string; granted: Granted; onClose: () => void }) {
  const t = useTexts(userActionsTexts);
  const common = useTexts(commonTexts);
  const formats = useFormats();
  const { answer, before } = granted;
  return (
    <Stack>
      <Alert role="alert" color="green" icon={<IconCheck />} c="var(--mantine-color-text)">
        <Text fw={600}>{t.credits.doneTitle}</Text>
        {t.credits.done(answer.tokens_added, formats.integer(answer.tokens_added), name)}
      </Alert>
      <BalanceSteps
        steps={[
          [t.balance.before, before === undefined ? t.balance.unknown : formats.integer(before)],
          [t.balance.now, formats.integer(answer.tokens_remaining)],
        ]}
      />
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {common.close}
        </Button>
      </Group>
    </Stack>
  );
}
