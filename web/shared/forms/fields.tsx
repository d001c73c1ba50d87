/** Fields for numbers, as the reader's language writes them. Their value is the text as typed, `form.getInputProps(…)` fits them; `decimals.ts` reads it. */

import { Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLanguage } from '../i18n/language';
import { readDecimal, writeDecimal } from './decimals';

interface FieldProps {
  label: string;
  value?: string;
  onChange: (text: string) => void;
  description?: string | undefined;
  error?: ReactNode;
  required?: boolean;
  disabled?: boolean;
}

interface DecimalFieldProps extends FieldProps {
  leastDigits?: number;
  mostDigits?: number;
  sign?: string;
}

/** A decimal; when the field is left the text is put in order ("1250,5" becomes "1.250,50"). */
export function DecimalField({
  leastDigits = 0,
  mostDigits = 6,
  sign,
  value = '',
  ...field
}: DecimalFieldProps) {
  const { language } = useLanguage();
  const tidy = () => {
    const read = readDecimal(value, language, mostDigits);
    if (read === null) return;
    const tidied = writeDecimal(Number(read), language, leastDigits, mostDigits);
    if (tidied !== value) field.onChange(tidied);
  };
  return (
    <TextInput
      label={field.label}
      description={field.description}
      error={field.error}
      required={field.required ?? false}
      disabled={field.disabled ?? false}
      inputMode={mostDigits === 0 ? 'numeric' : 'decimal'}
      autoComplete="off"
      leftSection={
        sign ? (
          <Text size="sm" c="dimmed" aria-hidden>
            {sign}
          </Text>
        ) : undefined
      }
      value={value}
      onChange={(event) => field.onChange(event.currentTarget.value)}
      onBlur={tidy}
    />
  );
}

/** An amount in BRL. */
export function MoneyField(field: FieldProps) {
  return <DecimalField {...field} leastDigits={2} mostDigits={2} sign="R$" />;
}

/** A whole number. */
export function IntegerField(field: FieldProps) {
  return <DecimalField {...field} leastDigits={0} mostDigits={0} />;
}
