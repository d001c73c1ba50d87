/** Which model is to get weights before anybody has called it. */

import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ModelResponse } from '@shared/api/admin.gen';
import { DialogForm } from '@shared/forms/dialog_form';
import { useTexts } from '@shared/i18n/language';
import { modelsTexts } from '@shared/i18n';

const MOST_CHARACTERS = 200;
const OUTPUT_LIMIT = 4_096;

interface NewModelProps {
  /** Those in the table. */
  rows: readonly ModelResponse[];
  /** With its row, or one of weights of 1 where it has none yet. */
  onNamed: (row: ModelResponse) => void;
  onCancel: () => void;
}

export function NewModel({ rows, onNamed, onCancel }: NewModelProps) {
  const t = useTexts(modelsTexts);
  const [example] = rows;
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (text) => (text.trim() ? null : t.nameMissing) },
  });
  const submit = form.onSubmit(({ name }) => {
    const wanted = name.trim();
    const row = rows.find((one) => one.name === wanted) ?? (example && unweighed(wanted, example));
    if (row) onNamed(row);
  });
  return (
    <DialogForm action={t.onward} busy={false} onSubmit={submit} onCancel={onCancel}>
      <TextInput
        label={t.name}
        description={t.nameHint}
        maxLength={MOST_CHARACTERS}
        data-autofocus
        {...form.getInputProps('name')}
      />
    </DialogForm>
  );
}

/** A model that the table doesn't know; the example request is another one's. */
function unweighed(name: string, { example }: ModelResponse): ModelResponse {
  return {
    name,
    weights: { input: 1, cached_input: 1, output: 1, reasoning: 1 },
    output_limit_tokens: OUTPUT_LIMIT,
    tokenizer: 'o200k_base',
    prompt_factor: 1,
    active: true,
    updated_at: null,
    alias_of: [],
    weights_from: [],
    example,
  };
}
