/** Making an account; the temporary password is told this one time. */

import { Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import type { ApiError } from '@shared/api/errors';
import type { CreatedAccountResponse, Role } from '@shared/api/admin.gen';
import { Dialog } from '@shared/components/dialog';
import { ShownOnce } from '@shared/components/shown_once';
import { commonTexts } from '@shared/i18n/common';
import { useTexts } from '@shared/i18n/language';
import { usersTexts } from '@shared/i18n/users';
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
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [plan, setPlan] = useState<string | null>(null);
  const [role, setRole] = useState<Role>('user');
  const [withPassword, setWithPassword] = useState(true);
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const create = useWrite('POST /admin/users', {
    refresh: ['GET /admin/users', 'GET /admin/staff'],
    onDone: onMade,
    onError: setError,
  });
  const valid = EMAIL.test(email.trim());
  const submit = () => {
    setTried(true);
    setError(null);
    if (!valid) return;
    create.mutate({
      body: { email: email.trim(), name: name.trim(), role, plan_type: plan, with_password: withPassword },
    });
  };
  return (
    <DialogForm action={t.submit} busy={create.isPending} error={error} onSubmit={submit} onCancel={onCancel}>
      <TextInput
        label={t.email}
        description={t.emailHint}
        type="email"
        autoComplete="off"
        required
        maxLength={254}
        data-autofocus
        value={email}
        error={tried && !valid ? t.emailInvalid : undefined}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextInput
        label={t.name}
        autoComplete="off"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={t.plan}
        placeholder={t.defaultPlan}
        data={plans}
        value={plan}
        onChange={setPlan}
        clearable
      />
      {user.role === 'super_admin' && (
        <Select
          label={t.role}
          description={t.roleHint}
          data={ROLES.map((value) => ({ value, label: common.roles[value] }))}
          value={role}
          onChange={(value) => value && setRole(value as Role)}
          allowDeselect={false}
        />
      )}
      <Checkbox
        label={t.withPassword}
        description={t.withPasswordHint}
        checked={withPassword}
        onChange={(event) => setWithPassword(event.currentTarget.checked)}
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
