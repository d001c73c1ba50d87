/** The typed weights and counts of a model, and what of them goes to the service. */

import type { CalculationResponse, ModelResponse } from '@shared/api/admin.gen';
import type { Language } from '@shared/i18n/texts';
import { readDecimal, readInteger, writeDecimal } from '@shared/forms/decimals';

export const KINDS = ['input', 'cached_input', 'output', 'reasoning'] as const;
export type Kind = (typeof KINDS)[number];
export type ByKind<T> = Record<Kind, T>;

const MOST_WEIGHT = 100_000;
export const WEIGHT_DIGITS = 6;

export function byKind<T>(make: (kind: Kind) => T): ByKind<T> {
  return {
    input: make('input'),
    cached_input: make('cached_input'),
    output: make('output'),
    reasoning: make('reasoning'),
  };
}

export function weightTexts(weights: ModelResponse['weights'], language: Language): ByKind<string> {
  return byKind((kind) => writeDecimal(weights[kind] ?? 1, language, 0, WEIGHT_DIGITS));
}

export function countTexts(counts: CalculationResponse['counts'], language: Language): ByKind<string> {
  return byKind((kind) => writeDecimal(counts[kind] ?? 0, language, 0, 0));
}

/** null where it is no weight. */
export function readWeight(text: string, language: Language): number | null {
  const read = readDecimal(text, language, WEIGHT_DIGITS);
  return read === null || Number(read) > MOST_WEIGHT ? null : Number(read);
}

/** All of them, or null where one is wrong. */
export function readAll(texts: ByKind<string>, read: (text: string) => number | null): ByKind<number> | null {
  const values = byKind((kind) => read(texts[kind]));
  return KINDS.every((kind) => values[kind] !== null) ? (values as ByKind<number>) : null;
}

export function readCounts(texts: ByKind<string>, language: Language): ByKind<number> | null {
  return readAll(texts, (text) => readInteger(text, language));
}
