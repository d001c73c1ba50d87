/** Making an account; the temporary password is told this one time. */

import { Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { CreatedAccountResponse, Role } from '@shared/api/admin.gen';
import { Dialog } from '@shared/components/dialog';
import { ShownOnce } from '@shared/components/shown_once';
import { commonTexts, usersTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useSession } from '@shared/session/session';
import { useState } from 'react';
import { Link } from 'wouter';
import { useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { usePlans } from './plans';
import { userPath } from './user_path';

interface NewUserDialogProps {
  opened: boolean;
  onClose: () => void;
}

const ROLES: readonly Role[] = ['user', 'support', 'operator', 'admin', 'super_admin'];
const EMAIL = /^\S+@\S+\.\S+$/;

export function NewUserDialog({ opened, onClose }: NewUserDialogProps) {
  const t = useTexts(usersTexts).create;
  const [made, setMade] = useState<CreatedAccountResponse | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      title={made ? t.doneTitle : t.title}
      busy={made?.temporary_password !== undefined && made?.temporary_password !== null}
    >
      {made ? <Made made={made} onClose={close} /> : <NewUserForm onMade={setMade} onCancel={close} />}
    </Dialog>
  );
}

function NewUserForm({
  onMade,
  onCancel,
}: {
  onMade: (made: CreatedAccountResponse) => void;
  onCancel: () => void;
}) {
  const t = useTexts(usersTexts).create;
  const common = useTexts(commonTexts);
  const { user } = useSession();
  const plans = usePlans().filter((plan) => plan.active);
  const form = useForm({
    initialValues: {
      email: '',
      name: '',
      plan_type: null as string | null,
      role: 'user' as Role,
      with_password: true,
    },
    validate: { email: (text) => (EMAIL.test(text.trim()) ? null : t.emailInvalid) },
    transformValues: (values) => ({ ...values, email: values.email.trim(), name: values.name.trim() }),
  });
  const create = useWrite('POST /admin/users', {
    refresh: ['GET /admin/users', 'GET /admin/staff'],
    onDone: onMade,
    errorNotice: false,
  });
  const submit = form.onSubmit((body) => create.mutate({ body }));
  return (
    <DialogForm
      action={t.submit}
      busy={create.isPending}
      error={create.error}
      onSubmit={submit}
      onCancel={onCancel}
    >
      <TextInput
        label={t.email}
        description={t.emailHint}
        type="email"
        autoComplete="off"
        required
        maxLength={254}
        data-autofocus
        {...form.getInputProps('email')}
      />
      <TextInput label={t.name} autoComplete="off" maxLength={200} {...form.getInputProps('name')} />
      <Select
        label={t.plan}
        placeholder={t.defaultPlan}
        data={plans}
        {...form.getInputProps('plan_type')}
        clearable
      />
      {user.role === 'super_admin' && (
        <Select
          label={t.role}
          description={t.roleHint}
          data={ROLES.map((value) => ({ value, label: common.roles[value] }))}
          {...form.getInputProps('role')}
          allowDeselect={false}
        />
      )}
      <Checkbox
        label={t.withPassword}
        description={t.withPasswordHint}
        {...form.getInputProps('with_password', { type: 'checkbox' })}
      />
    </DialogForm>
  );
}

function Made({ made, onClose }: { made: CreatedAccountResponse; onClose: () => void }) {
  const t = useTexts(usersTexts).create;
  const common = useTexts(commonTexts);
  return (
    <Stack>
      <Text>{t.done(made.name || made.email || made.id)}</Text>
      {made.temporary_password && (
        <ShownOnce label={t.password} value={made.temporary_password} note={t.passwordNote} />
      )}
      <Group justify="flex-end">
        <Button variant="default" component={Link} href={userPath(made.id)}>
          {t.open}
        </Button>
        <Button onClick={onClose} data-autofocus>
          {common.close}
        </Button>
      </Group>
    </Stack>
  );
}
