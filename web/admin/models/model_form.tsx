/** A model's weights, beside what an example request would cost with them. */

import { Fieldset, Select, SimpleGrid, Switch, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ModelResponse, ModelBody } from '@shared/api/admin.gen';
import { useNotice } from '@shared/components/notices';
import { commonTexts, formTexts, modelsTexts } from '@shared/i18n';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { useFormats } from '@shared/session/use_formats';
import { call, useWrite } from '../api';
import { isBetween, readInteger, writeDecimal } from '@shared/forms/decimals';
import { DialogForm } from '@shared/forms/dialog_form';
import { DecimalField, IntegerField } from '@shared/forms/fields';
import { useFreshBase } from '../forms/use_fresh_base';
import { ExampleCalculation } from './example_calculation';
import { byKind, KINDS, readAll, readWeight, WEIGHT_DIGITS, weightTexts } from './weights';

type Tokenizer = NonNullable<ModelBody['tokenizer']>;
const TOKENIZERS: readonly Tokenizer[] = ['o200k_base', 'cl100k_base'];
const MOST_OUTPUT = 100_000_000;

interface ModelFormProps {
  row: ModelResponse;
  onClose: () => void;
}

export function ModelForm({ row, onClose }: ModelFormProps) {
  const t = useTexts(modelsTexts);
  const forms = useTexts(formTexts);
  const common = useTexts(commonTexts);
  const { language } = useLanguage();
  const notify = useNotice();
  const readOne = (text: string) => readWeight(text, language);
  const weight = (text: string) => (readOne(text) === null ? t.weightInvalid : null);
  const form = useForm({
    initialValues: {
      weights: weightTexts(row.weights, language),
      limit: writeDecimal(row.output_limit_tokens, language, 0, 0),
      tokenizer: TOKENIZERS.find((one) => one === row.tokenizer) ?? 'o200k_base',
      active: row.active,
    },
    validate: {
      weights: byKind(() => weight),
      limit: (text) => (isBetween(readInteger(text, language), 1, MOST_OUTPUT) ? null : t.limitInvalid),
    },
    validateInputOnChange: true,
  });
  const read = readAll(form.values.weights, readOne);
  const fresh = useFreshBase(
    row,
    async () => (await call('GET /admin/models')).data.find((one) => one.name === row.name),
    useDescription(),
  );
  const save = useWrite('PUT /admin/models/{name}', {
    refresh: ['GET /admin/models'],
    onDone: ({ name }) => {
      notify(forms.saved(name));
      onClose();
    },
    onError: fresh.onError,
  });
  const submit = form.onSubmit(({ limit, tokenizer, active }) => {
    if (read === null) return;
    save.mutate({
      path: { name: row.name },
      body: {
        weights: read,
        output_limit_tokens: readInteger(limit, language) ?? MOST_OUTPUT,
        tokenizer,
        active,
        updated_at: fresh.base.updated_at,
      },
    });
  });
  return (
    <DialogForm
      action={common.save}
      busy={save.isPending}
      error={fresh.error}
      notice={fresh.notice}
      onSubmit={submit}
      onCancel={onClose}
    >
      <Fieldset legend={t.weightsLegend}>
        <SimpleGrid cols={{ base: 2, sm: 4 }}>
          {KINDS.map((kind) => (
            <DecimalField
              key={kind}
              label={t.weights[kind]}
              mostDigits={WEIGHT_DIGITS}
              {...form.getInputProps(`weights.${kind}`)}
            />
          ))}
        </SimpleGrid>
      </Fieldset>
      <SimpleGrid cols={{ base: 1, xs: 2 }} style={{ alignItems: 'end' }}>
        <IntegerField
          label={t.outputLimit}
          description={t.outputLimitHint}
          {...form.getInputProps('limit')}
        />
        <Select
          label={t.tokenizer}
          data={[...TOKENIZERS]}
          allowDeselect={false}
          {...form.getInputProps('tokenizer')}
        />
      </SimpleGrid>
      <Switch
        label={t.active}
        description={t.activeHint}
        {...form.getInputProps('active', { type: 'checkbox' })}
      />
      <ExampleCalculation weights={read} initial={row.example} />
      <Text size="sm" c="dimmed">
        {t.effect}
      </Text>
    </DialogForm>
  );
}

/** A model's fields as they are read. */
function useDescription() {
  const t = useTexts(modelsTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  return (row: ModelResponse) => [
    ...KINDS.map((kind) => [t.weightOf(t.weights[kind]), weightTexts(row.weights, language)[kind]] as const),
    [t.outputLimit, formats.integer(row.output_limit_tokens)] as const,
    [t.tokenizer, row.tokenizer] as const,
    [t.state, row.active ? t.active : t.inactive] as const,
  ];
}
