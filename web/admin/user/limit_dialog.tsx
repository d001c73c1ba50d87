import { Text } from '@mantine/core';
import type { ApiError } from '@shared/api/errors';
import type { Effective } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { userActionsTexts } from '@shared/i18n/user_actions';
import { useFormats } from '@shared/session/use_formats';
import { useState } from 'react';
import { useWrite } from '../api';
import { readInteger, writeDecimal } from '@shared/forms/decimals';
import { DialogForm } from '@shared/forms/dialog_form';
import { IntegerField } from '@shared/forms/fields';
import { ActionDialog, useHold } from './action_dialog';
import { USER_READS } from './after_change';
import type { UserDialogProps, UserFormProps } from './dialogs';
import { EffectiveField } from './effective_field';
import { isEnough, LONG_REASON, ReasonField } from './reason_field';

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
  const [text, setText] = useState(() => writeDecimal(user.monthly_tokens, language, 0, 0));
  const [reason, setReason] = useState('');
  const [effective, setEffective] = useState<Effective>('now');
  const [tried, setTried] = useState(false);
  const limit = useLimitWrite(onClose);
  useHold(hold, limit.busy);
  const tokens = readInteger(text, language);
  const valid = tokens !== null && tokens <= MOST_TOKENS;
  const submit = () => {
    setTried(true);
    if (!valid || !isEnough(reason, LONG_REASON)) return;
    limit.send(user.id, { monthly_tokens: tokens, reason: reason.trim(), effective });
  };
  return (
    <DialogForm action={t.submit} busy={limit.busy} error={limit.error} onSubmit={submit} onCancel={onClose}>
      <Text size="sm">
        {t.current(texts.tokens(user.monthly_tokens, formats.integer(user.monthly_tokens)))}
      </Text>
      <IntegerField
        label={t.tokens}
        required
        value={text}
        error={tried && !valid ? t.invalid : undefined}
        onChange={setText}
      />
      <EffectiveField
        value={effective}
        onChange={setEffective}
        hints={{ now: t.nowHint, next_period: t.nextHint }}
      />
      <ReasonField value={reason} onChange={setReason} least={LONG_REASON} tried={tried} />
    </DialogForm>
  );
}

interface Limit {
  monthly_tokens: number;
  reason: string;
  effective: Effective;
}

function useLimitWrite(onClose: () => void) {
  const t = useTexts(userActionsTexts).limit;
  const formats = useFormats();
  const notify = useNotice();
  const [error, setError] = useState<ApiError | null>(null);
  const change = useWrite('PUT /admin/users/{id}/limit', {
    refresh: USER_READS,
    onDone: (answer) => {
      const added = answer.change?.tokens_added ?? 0;
      notify(added === 0 ? t.done : t.doneTokens((added > 0 ? '+' : '') + formats.integer(added)));
      onClose();
    },
    onError: setError,
  });
  return {
    busy: change.isPending,
    error,
    send: (id: string, body: Limit) => {
      setError(null);
      change.mutate({ path: { id }, body });
    },
  };
}
