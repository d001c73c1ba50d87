import { Stack, Text } from '@mantine/core';
import { SectionCard } from '@shared/components/section_card';
import { keysTexts } from '@shared/i18n';
import { useTexts } from '@shared/i18n/language';
import { CodeBlock } from './code_block';
import { baseUrl, curlExample, pythonExample } from './examples';

/** How a key is used: with a stand-in for the key, which only the dialog that created it knows. */
export function ExamplesSection() {
  const t = useTexts(keysTexts);
  return (
    <SectionCard title={t.howTo}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t.howToText}
        </Text>
        <Examples value={t.placeholder} />
      </Stack>
    </SectionCard>
  );
}

export function Examples({ value }: { value: string }) {
  const t = useTexts(keysTexts);
  const parts = { origin: window.location.origin, key: value, question: t.question };
  return (
    <>
      <CodeBlock label={t.address} code={baseUrl(parts.origin)} />
      <CodeBlock label={t.curl} code={curlExample(parts)} />
      <CodeBlock label={t.python} code={pythonExample(parts)} />
    </>
  );
}
