/** Gives somebody another role. */

import { Alert, Radio, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { AccountResponse } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { commonTexts, staffTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { IconAlert } from '@shared/icons';
import type { Role } from '@shared/session/session';
import { useWrite } from '../api';
import { DialogForm } from '@shared/forms/dialog_form';
import { UserPicker } from '../forms/user_picker';
import { ROLES } from './roles';

const NOBODY = { id: '', name: '', role: 'support' as Role };

interface RoleFormProps {
  /** null: somebody who is to be found. */
  person: AccountResponse | null;
  onClose: () => void;
}

export function RoleForm({ person, onClose }: RoleFormProps) {
  const t = useTexts(staffTexts);
  const common = useTexts(commonTexts);
  const notify = useNotice();
  const known = person ?? NOBODY;
  const form = useForm({ initialValues: { id: known.id, role: known.role } });
  const { id, role } = form.values;
  const changes = person !== null && form.isDirty('role');
  const change = useWrite('PUT /admin/users/{id}/role', {
    refresh: ['GET /admin/staff', 'GET /admin/users', 'GET /admin/users/{id}'],
    onDone: (changed) => {
      notify(t.changed(changed.name, common.roles[changed.role]));
      onClose();
    },
    errorNotice: false,
  });
  return (
    <DialogForm
      action={person ? t.change : t.add}
      busy={change.isPending}
      error={change.error}
      notice={change.error?.code === 'last_super_admin' ? <LastOne /> : undefined}
      disabled={id === '' || (person !== null && !changes)}
      onSubmit={form.onSubmit(() => change.mutate({ path: { id }, body: { role } }))}
      onCancel={onClose}
    >
      {!person && <UserPicker {...form.getInputProps('id')} />}
      <RoleChoice
        roles={person ? ROLES : ROLES.filter((one) => one !== 'user')}
        value={role}
        onChange={(next) => {
          change.reset();
          form.setFieldValue('role', next);
        }}
      />
      {changes && <WhatChanges name={known.name} role={role} />}
    </DialogForm>
  );
}

function WhatChanges({ name, role }: { name: string; role: Role }) {
  const t = useTexts(staffTexts);
  const roles = useTexts(commonTexts).roles;
  return (
    <Text size="sm" component="output" display="block">
      {t.confirm(name, roles[role])} {role === 'user' && t.toUser}
    </Text>
  );
}

interface RoleChoiceProps {
  roles: readonly Role[];
  value: Role;
  onChange: (role: Role) => void;
}

function RoleChoice({ roles, value, onChange }: RoleChoiceProps) {
  const t = useTexts(staffTexts);
  const common = useTexts(commonTexts);
  return (
    <Radio.Group label={t.addRole} value={value} onChange={(next) => onChange(next as Role)}>
      <Stack gap="xs" mt="xs">
        {roles.map((one) => (
          <Radio key={one} value={one} label={common.roles[one]} description={t.roleHelp[one]} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function LastOne() {
  const t = useTexts(staffTexts);
  return (
    <Alert role="alert" color="amber" icon={<IconAlert />} title={t.lastTitle} c="var(--mantine-color-text)">
      {t.lastText}
    </Alert>
  );
}
