import { Textarea } from '@mantine/core';
import { useTexts } from '@shared/i18n/language';
import { userActionsTexts } from '@shared/i18n/user_actions';
import { useFormats } from '@shared/session/use_formats';

interface ReasonFieldProps {
  value: string;
  onChange: (text: string) => void;
  /** The fewest characters; the count is shown where it is more than a word. */
  least: number;
  /** Whether to say that it is too short. */
  tried: boolean;
  label?: string;
  autoFocus?: boolean;
}

export const LONG_REASON = 20;
export const SHORT_REASON = 3;
const MOST_CHARACTERS = 500;

/** Whether the reason is long enough, as the service counts it. */
export function isEnough(reason: string, least: number): boolean {
  return [...reason.trim()].length >= least;
}

/** Why it is done; kept in the audit log. */
export function ReasonField({ value, onChange, least, tried, label, autoFocus }: ReasonFieldProps) {
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
      error={tried && !isEnough(value, least) ? t.reasonTooShort(least) : undefined}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
