import { expect, test } from 'vitest';
import { readAll, readCounts, readWeight, weightTexts } from './weights';

test('weights are read as they were written', () => {
  const weights = { input: 1, cached_input: 0.5, output: 3.333333, reasoning: 1250 };
  const texts = weightTexts(weights, 'pt-BR');
  expect(texts).toEqual({ input: '1', cached_input: '0,5', output: '3,333333', reasoning: '1.250' });
  expect(readAll(texts, (text) => readWeight(text, 'pt-BR'))).toEqual(weights);
});

test('one wrong weight is no calculation', () => {
  expect(readWeight('100.001', 'pt-BR')).toBeNull();
  expect(readWeight('-1', 'pt-BR')).toBeNull();
  expect(readCounts({ input: '10', cached_input: '0', output: '', reasoning: '0' }, 'pt-BR')).toBeNull();
});
