import { Select, Text } from '@mantine/core';
import type { ApiError } from '@shared/api/errors';
import type { Effective } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { useTexts } from '@shared/i18n/language';
import { userActionsTexts } from '@shared/i18n/user_actions';
import { useFormats } from '@shared/session/use_formats';
import { useState } from 'react';
import { useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { usePlans } from '../users/plans';
import { ActionDialog, useHold } from './action_dialog';
import { USER_READS } from './after_change';
import type { UserDialogProps, UserFormProps } from './dialogs';
import { EffectiveField } from './effective_field';

/** Puts the user on another plan. */
export function PlanDialog({ user, opened, onClose }: UserDialogProps) {
  const t = useTexts(userActionsTexts).plan;
  return (
    <ActionDialog opened={opened} title={t.title} onClose={onClose}>
      {(hold) => <PlanForm user={user} hold={hold} onClose={onClose} />}
    </ActionDialog>
  );
}

function PlanForm({ user, hold, onClose }: UserFormProps) {
  const texts = useTexts(userActionsTexts);
  const t = texts.plan;
  const formats = useFormats();
  const notify = useNotice();
  const plans = usePlans().filter((plan) => plan.active);
  const [chosen, setChosen] = useState<string | null>(null);
  const [effective, setEffective] = useState<Effective>('now');
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const change = useWrite('PUT /admin/users/{id}/plan', {
    refresh: USER_READS,
    onDone: () => {
      notify(t.done(plans.find((plan) => plan.value === chosen)?.label ?? ''));
      onClose();
    },
    onError: setError,
  });
  useHold(hold, change.isPending);
  const submit = () => {
    setTried(true);
    setError(null);
    if (chosen) change.mutate({ path: { id: user.id }, body: { plan_type: chosen, effective } });
  };
  return (
    <DialogForm action={t.submit} busy={change.isPending} error={error} onSubmit={submit} onCancel={onClose}>
      {user.subscription && <Text size="sm">{t.current(user.subscription.plan_name)}</Text>}
      <Select
        label={t.plan}
        required
        data-autofocus
        data={plans.map((plan) => ({
          value: plan.value,
          label: t.choice(plan.label, texts.tokens(plan.monthlyTokens, formats.integer(plan.monthlyTokens))),
        }))}
        value={chosen}
        error={tried && !chosen ? t.missing : undefined}
        onChange={setChosen}
      />
      <EffectiveField
        value={effective}
        onChange={setEffective}
        hints={{ now: t.nowHint, next_period: t.nextHint }}
      />
    </DialogForm>
  );
}
