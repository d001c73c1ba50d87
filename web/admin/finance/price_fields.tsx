/** The fields that plans and packages have in common, around those of their own. */

import { SimpleGrid, Switch, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { financeTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import type { ReactNode } from 'react';

interface CommonDraft {
  id: string;
  name: string;
  place: string;
  active: boolean;
}

interface PriceFieldsProps {
  form: UseFormReturnType<CommonDraft>;
  isNew: boolean;
  /** What the switch says. */
  active: string;
  children: ReactNode;
}

export function PriceFields({ form, isNew, active, children }: PriceFieldsProps) {
  const t = useTexts(financeTexts);
  return (
    <>
      {isNew && (
        <TextInput
          label={t.id}
          description={t.idHint}
          required
          maxLength={40}
          {...form.getInputProps('id')}
        />
      )}
      <TextInput label={t.name} required maxLength={80} {...form.getInputProps('name')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {children}
        <TextInput
          label={t.sortOrder}
          description={t.sortOrderHint}
          inputMode="numeric"
          autoComplete="off"
          {...form.getInputProps('place')}
        />
      </SimpleGrid>
      <Switch label={active} {...form.getInputProps('active', { type: 'checkbox' })} />
    </>
  );
}
