/** The fields that plans and packages have in common, around those of their own. */

import { SimpleGrid, Switch, TextInput } from '@mantine/core';
import { financeTexts } from '@shared/i18n/finance';
import { formTexts } from '@shared/i18n/forms';
import { useTexts } from '@shared/i18n/language';
import type { ReactNode } from 'react';

interface CommonDraft {
  id: string;
  name: string;
  place: string;
  active: boolean;
}

interface PriceFieldsProps {
  draft: CommonDraft;
  problems: Partial<Record<keyof CommonDraft, true>>;
  isNew: boolean;
  /** What the switch says. */
  active: string;
  set: (values: Partial<CommonDraft>) => void;
  children: ReactNode;
}

export function PriceFields({ draft, problems, isNew, active, set, children }: PriceFieldsProps) {
  const t = useTexts(financeTexts);
  const forms = useTexts(formTexts);
  return (
    <>
      {isNew && (
        <TextInput
          label={t.id}
          description={t.idHint}
          required
          value={draft.id}
          error={problems.id && t.idInvalid}
          maxLength={40}
          onChange={(event) => set({ id: event.currentTarget.value })}
        />
      )}
      <TextInput
        label={t.name}
        required
        maxLength={80}
        value={draft.name}
        error={problems.name && forms.required}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {children}
        <TextInput
          label={t.sortOrder}
          description={t.sortOrderHint}
          inputMode="numeric"
          autoComplete="off"
          value={draft.place}
          error={problems.place && t.sortOrderInvalid}
          onChange={(event) => set({ place: event.currentTarget.value })}
        />
      </SimpleGrid>
      <Switch
        label={active}
        checked={draft.active}
        onChange={(event) => set({ active: event.currentTarget.checked })}
      />
    </>
  );
}
