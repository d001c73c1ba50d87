/** Which model is to get weights before anybody has called it. */

import { TextInput } from '@mantine/core';
import type { ModelResponse } from '@shared/api/admin.gen';
import { DialogForm } from '@shared/forms/dialog_form';
import { useTexts } from '@shared/i18n/language';
import { modelsTexts } from '@shared/i18n/models';
import { useState } from 'react';

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
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const [example] = rows;
  const submit = () => {
    const wanted = name.trim();
    if (!wanted || !example) {
      setMissing(true);
      return;
    }
    onNamed(rows.find((row) => row.name === wanted) ?? unweighed(wanted, example));
  };
  return (
    <DialogForm action={t.onward} busy={false} onSubmit={submit} onCancel={onCancel}>
      <TextInput
        label={t.name}
        description={t.nameHint}
        value={name}
        maxLength={MOST_CHARACTERS}
        error={missing && !name.trim() ? t.nameMissing : null}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
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
