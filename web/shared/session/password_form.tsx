/** Another password for who is signed in: on the account's page, and after a sign-in with a temporary one. */

import { Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { createApi } from '../api/hooks';
import type { paths } from '../api/proxy.gen';
import { useNotice } from '../components/notices';
import { FormError } from '../forms/dialog_form';
import { accountTexts, sessionTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { type PasswordFields, problemsOf } from './new_password';
import { SESSION_KEY } from './session';

// Both services have this route.
const { useWrite } = createApi<Pick<paths, '/api/auth/session/password'>>();
const NOTHING: PasswordFields = { current: '', next: '', again: '' };
const ORDER = ['current', 'next', 'again'] as const;

interface PasswordFormProps {
  email: string | null;
  /** Whether the present password is one that staff made. */
  temporary?: boolean;
}

export function PasswordForm({ email, temporary = false }: PasswordFormProps) {
  const t = useTexts(accountTexts);
  const words = useTexts(sessionTexts);
  const notify = useNotice();
  const form = useForm({
    initialValues: NOTHING,
    validate: (fields) => {
      const problems = Object.entries(problemsOf(fields));
      return Object.fromEntries(problems.map(([name, problem]) => [name, t[problem]]));
    },
  });
  const focus = (name: string) => form.getInputNode(name as keyof PasswordFields)?.focus();
  const change = useWrite('POST /api/auth/session/password', {
    refresh: SESSION_KEY,
    onDone: () => {
      form.reset();
      notify(t.changed);
    },
    onError: (refusal) => focus(refusal.param === 'new_password' ? 'next' : 'current'),
  });
  const submit = form.onSubmit(
    ({ current, next }) => {
      if (!change.isPending) change.mutate({ body: { current_password: current, new_password: next } });
    },
    (errors) => focus(ORDER.find((name) => errors[name]) ?? 'current'),
  );
  const shared = (name: keyof PasswordFields) => ({
    name,
    label: temporary && name === 'current' ? t.temporary : t[name],
    required: true,
    visibilityToggleButtonProps: { 'aria-label': words.showPassword },
    ...form.getInputProps(name),
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={420}>
        {/* For password managers, which else don't know whose password this is. */}
        <input type="text" autoComplete="username" value={email ?? ''} readOnly hidden />
        <PasswordInput {...shared('current')} autoComplete="current-password" />
        <PasswordInput {...shared('next')} description={t.nextHelp} autoComplete="new-password" />
        <PasswordInput {...shared('again')} autoComplete="new-password" />
        {change.error && <FormError error={change.error} />}
        <div>
          <Button type="submit" loading={change.isPending}>
            {t.change}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
