/** Decimals as people type them and as the service reads them. Kept as text until they are sent: no binary rounding on the way. */

import type { Language } from '../i18n/texts';

const MARKS: Record<Language, { group: string; point: string }> = {
  'pt-BR': { group: '.', point: ',' },
  en: { group: ',', point: '.' },
};

/**
 * The canonical text ("1250.50") of what was typed ("1.250,50", "R$ 1.250,5", "1250,50"), or null where it is no plain decimal.
 *
 * A point that can't part thousands ("79.90") is read as what it must have meant.
 */
export function readDecimal(typed: string, language: Language, mostDigits = 2): string | null {
  const { group, point } = MARKS[language];
  const text = typed.replace(/R\$|\s/g, '');
  const native = new RegExp(`^(\\d+|[1-9]\\d{0,2}(?:\\${group}\\d{3})+)(?:\\${point}(\\d+))?$`).exec(text);
  const found = native ?? new RegExp(`^(0|\\d+(?!\\${group}\\d{3}$))\\${group}(\\d+)$`).exec(text);
  return found ? canonical((found[1] ?? '').replaceAll(group, ''), found[2] ?? '', mostDigits) : null;
}

function canonical(whole: string, fraction: string, mostDigits: number): string | null {
  const digits = fraction.replace(/0+$/, '');
  if (digits.length > mostDigits || whole.length > 12) return null;
  const start = whole.replace(/^0+(?=\d)/, '');
  return digits ? `${start}.${digits}` : start;
}

/** A whole number as typed ("1.000.000"), or null. */
export function readInteger(typed: string, language: Language): number | null {
  const text = readDecimal(typed, language, 0);
  return text === null ? null : Number(text);
}

/** For a field: "1.250,50" of 1250.5, with at least `leastDigits` behind the mark. */
export function writeDecimal(value: number, language: Language, leastDigits = 2, mostDigits = 2): string {
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: leastDigits,
    maximumFractionDigits: Math.max(leastDigits, mostDigits),
  }).format(value);
}

export function isBetween(value: number | null, least: number, most: number): boolean {
  return value !== null && value >= least && value <= most;
}
