import { Button, Collapse, Group, Select, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import type { TableState } from '@shared/data/use_table_state';
import { useTexts } from '@shared/i18n/language';
import { usersTexts } from '@shared/i18n';
import { IconFilter, IconSearch } from '@shared/icons';
import { useState } from 'react';
import { BANDS, FILTER, isWrongOrder } from './filters';
import { usePlans } from './plans';
import classes from './users.module.css';

const TYPING_MILLISECONDS = 300;
const FURTHER = [FILTER.plan, FILTER.usage, FILTER.createdFrom, FILTER.createdTo] as const;

/** Search, and the further filters behind a button. */
export function UsersFilters({ table }: { table: TableState }) {
  const t = useTexts(usersTexts);
  const set = FURTHER.filter((name) => table.filter(name) !== '').length;
  const [opened, { toggle }] = useDisclosure(set > 0);
  const clear = () => table.setFilters(Object.fromEntries(Object.values(FILTER).map((name) => [name, ''])));
  const anything = Object.values(FILTER).some((name) => table.filter(name) !== '');
  return (
    <Stack gap="sm" component="search">
      <Group gap="sm">
        <SearchField table={table} />
        <Button
          variant="default"
          leftSection={<IconFilter size={18} />}
          aria-expanded={opened}
          aria-controls="mais-filtros"
          onClick={toggle}
        >
          {set > 0 ? t.filtersCount(set) : t.filters}
        </Button>
        {anything && (
          <Button variant="subtle" onClick={clear}>
            {t.clearFilters}
          </Button>
        )}
      </Group>
      <div id="mais-filtros">
        <Collapse expanded={opened}>
          <FurtherFilters table={table} />
        </Collapse>
      </div>
    </Stack>
  );
}

/** What is typed goes into the address after a moment; what the address says (back button, link) goes into the field. */
function SearchField({ table }: { table: TableState }) {
  const t = useTexts(usersTexts);
  const asked = table.filter(FILTER.text);
  const [typed, setTyped] = useState(asked);
  const [shown, setShown] = useState(asked);
  if (asked !== shown) {
    setShown(asked);
    if (asked !== typed.trim()) setTyped(asked);
  }
  const ask = useDebouncedCallback(
    (text: string) => table.setFilters({ [FILTER.text]: text.trim() }),
    TYPING_MILLISECONDS,
  );
  return (
    <TextInput
      className={classes.search ?? ''}
      type="search"
      aria-label={t.search}
      placeholder={t.searchHint}
      leftSection={<IconSearch size={18} />}
      maxLength={200}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        ask(event.currentTarget.value);
      }}
    />
  );
}

function FurtherFilters({ table }: { table: TableState }) {
  const t = useTexts(usersTexts);
  const plans = usePlans();
  const from = table.filter(FILTER.createdFrom);
  const to = table.filter(FILTER.createdTo);
  return (
    <div className={classes.filters}>
      {plans.length > 0 && (
        <Select
          label={t.plan}
          placeholder={t.anyPlan}
          data={plans}
          value={table.filter(FILTER.plan) || null}
          onChange={(value) => table.setFilters({ [FILTER.plan]: value ?? '' })}
          clearable
        />
      )}
      <Select
        label={t.usage}
        placeholder={t.anyUsage}
        data={BANDS.map((value) => ({ value, label: t.bands[value] }))}
        value={table.filter(FILTER.usage) || null}
        onChange={(value) => table.setFilters({ [FILTER.usage]: value ?? '' })}
        clearable
      />
      <TextInput
        type="date"
        label={t.createdFrom}
        value={from}
        onChange={(event) => table.setFilters({ [FILTER.createdFrom]: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t.createdTo}
        value={to}
        error={isWrongOrder(from, to) ? t.wrongOrder : undefined}
        onChange={(event) => table.setFilters({ [FILTER.createdTo]: event.currentTarget.value })}
      />
    </div>
  );
}
