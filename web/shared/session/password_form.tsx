/** Another password for who is signed in: on the account's page, and after a sign-in with a temporary one. */

import { Button, PasswordInput, Stack } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import type { ApiError } from '../api/errors';
import { createApi } from '../api/hooks';
import type { paths } from '../api/proxy.gen';
import { useNotice } from '../components/notices';
import { FormError } from '../forms/dialog_form';
import { accountTexts } from '../i18n/account';
import { useTexts } from '../i18n/language';
import { sessionTexts } from '../i18n/session';
import { type PasswordFields, type PasswordProblems, problemsOf } from './new_password';
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
  const form = useRef<HTMLFormElement>(null);
  const [fields, setFields] = useState(NOTHING);
  const [problems, setProblems] = useState<PasswordProblems>({});
  const [error, setError] = useState<ApiError | null>(null);
  const focus = (name: string) => form.current?.querySelector<HTMLInputElement>(`[name=${name}]`)?.focus();
  const change = useWrite('POST /api/auth/session/password', {
    refresh: SESSION_KEY,
    onDone: () => {
      setFields(NOTHING);
      notify(t.changed);
    },
    onError: (refusal) => {
      setError(refusal);
      focus(refusal.param === 'new_password' ? 'next' : 'current');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (change.isPending) return;
    setError(null);
    const found = problemsOf(fields);
    setProblems(found);
    const first = ORDER.find((name) => found[name]);
    if (first) focus(first);
    else change.mutate({ body: { current_password: fields.current, new_password: fields.next } });
  };
  const shared = (name: keyof PasswordFields) => {
    const problem = problems[name];
    return {
      name,
      label: temporary && name === 'current' ? t.temporary : t[name],
      value: fields[name],
      error: problem ? t[problem] : null,
      required: true,
      visibilityToggleButtonProps: { 'aria-label': words.showPassword },
      onChange: (event: { currentTarget: HTMLInputElement }) => {
        const { value } = event.currentTarget;
        setFields((present) => ({ ...present, [name]: value }));
        setProblems((present) => ({ ...present, [name]: undefined }));
      },
    };
  };
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack maw={420}>
        {/* For password managers, which else don't know whose password this is. */}
        <input type="text" autoComplete="username" value={email ?? ''} readOnly hidden />
        <PasswordInput {...shared('current')} autoComplete="current-password" />
        <PasswordInput {...shared('next')} description={t.nextHelp} autoComplete="new-password" />
        <PasswordInput {...shared('again')} autoComplete="new-password" />
        {error && <FormError error={error} />}
        <div>
          <Button type="submit" loading={change.isPending}>
            {t.change}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
