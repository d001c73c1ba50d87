import { Select, TextInput } from '@mantine/core';
import { formTexts } from '../i18n';
import { useTexts } from '../i18n/language';
import { PRESETS } from './period';
import type { Choice, PeriodState } from './use_period';

interface PeriodPickerProps {
  state: PeriodState;
  /** Offers "any date" as well. */
  withAny?: boolean;
}

/** Presets, and two date fields for any other range. */
export function PeriodPicker({ state, withAny = false }: PeriodPickerProps) {
  const t = useTexts(formTexts).period;
  const choices: Choice[] = [...(withAny ? (['any'] as const) : []), ...PRESETS, 'custom'];
  const problem =
    state.problem === 'order'
      ? t.wrongOrder
      : state.problem === 'length'
        ? t.tooLong(state.mostDays)
        : undefined;
  return (
    <>
      <Select
        label={t.label}
        data={choices.map((value) => ({ value, label: t.presets[value] }))}
        value={state.choice}
        onChange={(value) => value && state.choose(value as Choice)}
        allowDeselect={false}
        w={{ base: '100%', xs: 180 }}
      />
      {state.choice === 'custom' && (
        <>
          <TextInput
            type="date"
            label={t.from}
            value={state.from}
            max="2100-12-31"
            onChange={(event) => state.setDays({ from: event.currentTarget.value })}
            w={{ base: '100%', xs: 160 }}
          />
          <TextInput
            type="date"
            label={t.to}
            value={state.to}
            max="2100-12-31"
            error={problem}
            onChange={(event) => state.setDays({ to: event.currentTarget.value })}
            w={{ base: '100%', xs: 160 }}
          />
        </>
      )}
    </>
  );
}
