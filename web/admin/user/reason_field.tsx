import { Textarea } from '@mantine/core';
import { useTexts } from '@shared/i18n/language';
import { userActionsTexts } from '@shared/i18n';
import type { ReactNode } from 'react';
import { useFormats } from '@shared/session/use_formats';

interface ReasonFieldProps {
  value?: string;
  onChange: (text: string) => void;
  /** The fewest characters; the count is shown where it is more than a word. */
  least: number;
  error?: ReactNode;
  label?: string;
  autoFocus?: boolean;
}

export const LONG_REASON = 20;
export const SHORT_REASON = 3;
const MOST_CHARACTERS = 500;

/** Whether the reason is long enough, as the service counts it: a rule for `useForm`. */
export function useReasonRule(least: number): (reason: string) => string | null {
  const t = useTexts(userActionsTexts);
  return (reason) => ([...reason.trim()].length >= least ? null : t.reasonTooShort(least));
}

/** Why it is done; kept in the audit log. */
export function ReasonField({ value = '', onChange, least, error, label, autoFocus }: ReasonFieldProps) {
  const t = useTexts(userActionsTexts);
  const formats = useFormats();
  const count = [...value.trim()].length;
  const hint =
    least > SHORT_REASON
      ? `${t.reasonHint} ${t.reasonCount(formats.integer(count), formats.integer(least))}.`
      : t.reasonHint;
  return (
    <Textarea
      label={label ?? t.reason}
      description={hint}
      required={least > 0}
      autosize
      minRows={2}
      maxRows={6}
      maxLength={MOST_CHARACTERS}
      data-autofocus={autoFocus || undefined}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
