/** Which days and which model. */

import { Button, Card, Group, Select } from '@mantine/core';
import { formTexts, statementTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import type { Period } from '@shared/period/period';
import { PeriodPicker } from '@shared/period/period_picker';
import type { PeriodState } from '@shared/period/use_period';
import { useRead } from '../api';
import { sumsOf } from './course';

export const MODEL = 'modelo';

interface FiltersProps {
  when: PeriodState;
  /** '' for all. */
  model: string;
  onModel: (model: string) => void;
}

export function Filters({ when, model, onModel }: FiltersProps) {
  const t = useTexts(statementTexts);
  const forms = useTexts(formTexts);
  const used = useRead('GET /api/tokens/history', {
    query: { ...(when.period as Period), group_by: 'model' },
  });
  const names = sumsOf(used.data, 'model')?.data.map((sum) => sum.key) ?? [];
  // One that is chosen stays in the list, also where these days had none of it.
  const models = [...new Set([...names, ...(model ? [model] : [])])];
  return (
    <Card className="solaris-no-print">
      <Group align="flex-end">
        <PeriodPicker state={when} />
        <Select
          label={t.model}
          data={[{ value: '', label: t.allModels }, ...models.map((value) => ({ value, label: value }))]}
          value={model}
          onChange={(value) => onModel(value ?? '')}
          allowDeselect={false}
          w={{ base: '100%', xs: 220 }}
        />
        {model && (
          <Button variant="subtle" onClick={() => onModel('')}>
            {forms.clearFilters}
          </Button>
        )}
      </Group>
    </Card>
  );
}
