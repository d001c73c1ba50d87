/** Numbers, money and times as the reader writes them; times are those of the customer's time zone. */

import type { Language } from './i18n/texts';

export interface Formats {
  /** 1.247 */
  integer: (value: number) => string;
  /** 2,3M; below ten thousand the number in full. */
  compact: (value: number) => string;
  /** R$ 1.250,00 */
  money: (value: number) => string;
  /** 12,5% of a value that is already in percent. */
  percent: (value: number, digits?: number) => string;
  /** 45 ms, 1,2 s */
  milliseconds: (value: number) => string;
  /** 22/11/2026 */
  date: (value: string | Date) => string;
  /** 22/11/2026 14:05 */
  dateTime: (value: string | Date) => string;
  /** 14:05 */
  time: (value: string | Date) => string;
  /** The zone's name and distance: "America/Sao_Paulo (GMT-3)". */
  timeZone: () => string;
}

const SUFFIXES: readonly [number, string, string][] = [
  [1e9, 'B', 'B'],
  [1e6, 'M', 'M'],
  [1e3, '\u00a0mil', 'k'],
];
const COMPACT_FROM = 10_000;
const PLAIN_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The formats of one language and one IANA time zone. */
export function makeFormats(language: Language, timeZone: string): Formats {
  const integers = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const oneDigit = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const money = new Intl.NumberFormat(language, { style: 'currency', currency: 'BRL' });
  const day = { day: '2-digit', month: '2-digit', year: 'numeric' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  // English readers of a Brazilian product still get the day first: the other order would be misread.
  const locale = language === 'en' ? 'en-GB' : language;
  const dates = new Intl.DateTimeFormat(locale, { ...day, timeZone });
  const plainDates = new Intl.DateTimeFormat(locale, { ...day, timeZone: 'UTC' });
  const times = new Intl.DateTimeFormat(locale, { ...clock, timeZone });
  const formatDate = (value: string | Date) =>
    typeof value === 'string' && PLAIN_DAY.test(value)
      ? plainDates.format(new Date(`${value}T00:00:00Z`))
      : dates.format(new Date(value));
  return {
    integer: (value) => integers.format(value),
    compact: (value) => compacted(value, language, integers, oneDigit),
    money: (value) => money.format(value),
    percent: (value, digits = 1) => {
      const written = new Intl.NumberFormat(language, { maximumFractionDigits: digits });
      const least = 10 ** -digits;
      // A little is not nothing.
      if (value > 0 && value < least / 2) return `< ${written.format(least)}%`;
      return `${written.format(value)}%`;
    },
    milliseconds: (value) =>
      value < 1000 ? `${integers.format(value)} ms` : `${oneDigit.format(value / 1000)} s`,
    date: formatDate,
    dateTime: (value) => `${formatDate(value)} ${times.format(new Date(value))}`,
    time: (value) => times.format(new Date(value)),
    timeZone: () => `${timeZone} (${offsetOf(timeZone)})`,
  };
}

function compacted(
  value: number,
  language: Language,
  integers: Intl.NumberFormat,
  oneDigit: Intl.NumberFormat,
): string {
  const size = Math.abs(value);
  if (size < COMPACT_FROM) return integers.format(value);
  // Just below a step it rounds up to that step: 999.960 is 1M, not 1.000 mil.
  const found = SUFFIXES.find(([step]) => Math.round((size / step) * 10) / 10 >= 1);
  if (!found) return integers.format(value);
  const [step, portuguese, english] = found;
  return oneDigit.format(value / step) + (language === 'en' ? english : portuguese);
}

function offsetOf(timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(
    new Date(),
  );
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? timeZone;
}
