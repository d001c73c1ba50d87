import { Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Effective } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { userActionsTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import { useWrite } from '../api';
import { isBetween, readInteger, writeDecimal } from '@shared/forms/decimals';
import { DialogForm } from '@shared/forms/dialog_form';
import { IntegerField } from '@shared/forms/fields';
import { ActionDialog, useHold } from './action_dialog';
import { USER_READS } from './after_change';
import type { UserDialogProps, UserFormProps } from './dialogs';
import { EffectiveField } from './effective_field';
import { LONG_REASON, ReasonField, useReasonRule } from './reason_field';

const MOST_TOKENS = 1_000_000_000;

/** Gives the user another monthly limit than his plan's. */
export function LimitDialog({ user, opened, onClose }: UserDialogProps) {
  const t = useTexts(userActionsTexts).limit;
  return (
    <ActionDialog opened={opened} title={t.title} onClose={onClose}>
      {(hold) => <LimitForm user={user} hold={hold} onClose={onClose} />}
    </ActionDialog>
  );
}

function LimitForm({ user, hold, onClose }: UserFormProps) {
  const texts = useTexts(userActionsTexts);
  const t = texts.limit;
  const { language } = useLanguage();
  const formats = useFormats();
  const form = useForm({
    initialValues: {
      tokens: writeDecimal(user.monthly_tokens, language, 0, 0),
      effective: 'now' as Effective,
      reason: '',
    },
    validate: {
      tokens: (text) => (isBetween(readInteger(text, language), 0, MOST_TOKENS) ? null : t.invalid),
      reason: useReasonRule(LONG_REASON),
    },
  });
  const change = useLimitWrite(onClose);
  useHold(hold, change.isPending);
  const submit = form.onSubmit(({ tokens, effective, reason }) =>
    change.mutate({
      path: { id: user.id },
      body: { monthly_tokens: readInteger(tokens, language) ?? 0, reason: reason.trim(), effective },
    }),
  );
  return (
    <DialogForm
      action={t.submit}
      busy={change.isPending}
      error={change.error}
      onSubmit={submit}
      onCancel={onClose}
    >
      <Text size="sm">
        {t.current(texts.tokens(user.monthly_tokens, formats.integer(user.monthly_tokens)))}
      </Text>
      <IntegerField label={t.tokens} required {...form.getInputProps('tokens')} />
      <EffectiveField
        {...form.getInputProps('effective')}
        hints={{ now: t.nowHint, next_period: t.nextHint }}
      />
      <ReasonField {...form.getInputProps('reason')} least={LONG_REASON} />
    </DialogForm>
  );
}

function useLimitWrite(onClose: () => void) {
  const t = useTexts(userActionsTexts).limit;
  const formats = useFormats();
  const notify = useNotice();
  return useWrite('PUT /admin/users/{id}/limit', {
    refresh: USER_READS,
    onDone: (answer) => {
      const added = answer.change?.tokens_added ?? 0;
      notify(added === 0 ? t.done : t.doneTokens((added > 0 ? '+' : '') + formats.integer(added)));
      onClose();
    },
    errorNotice: false,
  });
}
