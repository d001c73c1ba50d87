import { Card, Fieldset, Group, SimpleGrid, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { CalculationResponse } from '@shared/api/admin.gen';
import { useErrorText } from '@shared/components/error_text';
import { useLanguage, useTexts } from '@shared/i18n/language';
import { modelsTexts } from '@shared/i18n';
import { useFormats } from '@shared/session/use_formats';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api';
import { writeDecimal } from '@shared/forms/decimals';
import { IntegerField } from '@shared/forms/fields';
import { type ByKind, countTexts, KINDS, readCounts, WEIGHT_DIGITS } from './weights';

const WAIT_MILLISECONDS = 250;

interface ExampleCalculationProps {
  /** null while one of them is wrong. */
  weights: ByKind<number> | null;
  initial: CalculationResponse;
}

/** Asks the service, so that the figure is the one that would be charged. */
export function ExampleCalculation({ weights, initial }: ExampleCalculationProps) {
  const t = useTexts(modelsTexts);
  const formats = useFormats();
  const textOf = useErrorText();
  const { language } = useLanguage();
  const [counts, setCounts] = useState(() => countTexts(initial.counts, language));
  const read = readCounts(counts, language);
  const wanted = weights && read ? JSON.stringify({ weights, counts: read }) : '';
  const [asked] = useDebouncedValue(wanted, WAIT_MILLISECONDS);
  const answer = useQuery({
    queryKey: ['POST /admin/models/calculation', asked],
    queryFn: ({ signal }) => call('POST /admin/models/calculation', { body: JSON.parse(asked) }, signal),
    enabled: asked !== '',
    placeholderData: (former) => former ?? initial,
  });
  const result = answer.data ?? initial;
  const decimal = (value: number) => writeDecimal(value, language, 0, WEIGHT_DIGITS);
  return (
    <Card component="section" padding="sm">
      <Title order={3}>{t.exampleTitle}</Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t.exampleLead}
      </Text>
      <Fieldset legend={t.requestLegend}>
        <SimpleGrid cols={{ base: 2, sm: 4 }}>
          {KINDS.map((kind) => (
            <IntegerField
              key={kind}
              label={t.weights[kind]}
              value={counts[kind]}
              onChange={(text) => setCounts({ ...counts, [kind]: text })}
            />
          ))}
        </SimpleGrid>
      </Fieldset>
      <Group mt="sm" justify="space-between" component="output" aria-live="polite" mih={32}>
        {wanted === '' ? (
          <Text size="sm">{t.countInvalid}</Text>
        ) : answer.error ? (
          <Text size="sm">{textOf(answer.error)}</Text>
        ) : (
          <>
            <Text size="sm" c="dimmed">
              {t.arithmetic(
                decimal(result.conversion_factor),
                decimal(result.weighted_sum),
                decimal(result.before_rounding),
              )}
            </Text>
            <Text>
              {t.charged} <strong>{t.tokens(formats.integer(result.tokens_charged))}</strong>
            </Text>
          </>
        )}
      </Group>
    </Card>
  );
}
