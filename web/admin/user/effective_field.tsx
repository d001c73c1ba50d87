import { Radio, Stack } from '@mantine/core';
import type { Effective } from '@shared/api/admin.gen';
import { useTexts } from '@shared/i18n/language';
import { userActionsTexts } from '@shared/i18n';

interface EffectiveFieldProps {
  value?: Effective;
  onChange: (value: Effective) => void;
  hints: Record<Effective, string>;
}

const CHOICES: readonly Effective[] = ['now', 'next_period'];

/** Whether a change counts now or from the renewal on. */
export function EffectiveField({ value, onChange, hints }: EffectiveFieldProps) {
  const t = useTexts(userActionsTexts).effective;
  return (
    <Radio.Group label={t.label} value={value ?? null} onChange={(next) => onChange(next as Effective)}>
      <Stack gap="xs" mt="xs">
        {CHOICES.map((choice) => (
          <Radio key={choice} value={choice} label={t[choice]} description={hints[choice]} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
