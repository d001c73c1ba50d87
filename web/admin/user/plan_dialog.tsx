import { Select, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Effective } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { useTexts } from '@shared/i18n/language';
import { userActionsTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
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
  const form = useForm({
    initialValues: { plan: null as string | null, effective: 'now' as Effective },
    validate: { plan: (chosen) => (chosen ? null : t.missing) },
  });
  const change = useWrite('PUT /admin/users/{id}/plan', {
    refresh: USER_READS,
    onDone: () => {
      notify(t.done(plans.find((plan) => plan.value === form.getValues().plan)?.label ?? ''));
      onClose();
    },
    errorNotice: false,
  });
  useHold(hold, change.isPending);
  const submit = form.onSubmit(({ plan, effective }) =>
    change.mutate({ path: { id: user.id }, body: { plan_type: plan ?? '', effective } }),
  );
  return (
    <DialogForm
      action={t.submit}
      busy={change.isPending}
      error={change.error}
      onSubmit={submit}
      onCancel={onClose}
    >
      {user.subscription && <Text size="sm">{t.current(user.subscription.plan_name)}</Text>}
      <Select
        label={t.plan}
        required
        data-autofocus
        data={plans.map((plan) => ({
          value: plan.value,
          label: t.choice(plan.label, texts.tokens(plan.monthlyTokens, formats.integer(plan.monthlyTokens))),
        }))}
        {...form.getInputProps('plan')}
      />
      <EffectiveField
        {...form.getInputProps('effective')}
        hints={{ now: t.nowHint, next_period: t.nextHint }}
      />
    </DialogForm>
  );
}
