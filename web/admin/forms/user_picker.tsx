/** Finds one user among all by name or e-mail. */

import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { commonTexts, formTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { useState } from 'react';
import { useRead } from '../api';

const MOST_FOUND = 10;
const WAIT_MILLISECONDS = 250;

interface UserPickerProps {
  /** The user's id, '' for nobody. */
  value?: string;
  onChange: (id: string) => void;
}

export function UserPicker({ value = '', onChange }: UserPickerProps) {
  const t = useTexts(formTexts);
  const common = useTexts(commonTexts);
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed, WAIT_MILLISECONDS);
  const found = useRead('GET /admin/users', { query: { q: q || null, page_size: MOST_FOUND } });
  const chosen = useRead('GET /admin/users/{id}', { path: { id: value } }, { enabled: value !== '' });
  const people = new Map((found.data?.data ?? []).map((user) => [user.id, labelOf(user)]));
  if (value !== '')
    people.set(value, chosen.data?.id === value ? labelOf(chosen.data) : (people.get(value) ?? '…'));
  return (
    <Select
      label={t.user}
      placeholder={t.findUser}
      data={[...people].map(([id, label]) => ({ value: id, label }))}
      value={value || null}
      onChange={(id) => onChange(id ?? '')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': common.clear }}
      onSearchChange={setTyped}
      // The service has searched already.
      filter={({ options }) => options}
      nothingFoundMessage={found.isFetching ? common.loading : t.nobodyFound}
      w={{ base: '100%', xs: 240 }}
    />
  );
}

function labelOf({ name, email }: { name: string; email: string | null }): string {
  return email ? `${name} (${email})` : name;
}
