/** Ranges of the customer's days, both ends included, as YYYY-MM-DD. */

export interface Period {
  from: string;
  to: string;
}

export const PRESETS = [
  'today',
  'yesterday',
  'week',
  'thirty',
  'ninety',
  'month',
  'last_month',
  'year',
] as const;
export type Preset = (typeof PRESETS)[number];

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MILLISECONDS = 86_400_000;

/** The day it is there. */
export function todayIn(timeZone: string, now = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(now);
}

export function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(Date.parse(text)) && shifted(text, 0) === text;
}

/** The day so many days later. */
export function shifted(day: string, days: number): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return new Date(at + days * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/** How many days, both ends included. */
export function daysOf({ from, to }: Period): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MILLISECONDS) + 1;
}

export function periodOf(preset: Preset, today: string): Period {
  const monthStart = `${today.slice(0, 8)}01`;
  switch (preset) {
    case 'today':
      return { from: today, to: today };
    case 'yesterday':
      return { from: shifted(today, -1), to: shifted(today, -1) };
    case 'week':
      return { from: shifted(today, -6), to: today };
    case 'thirty':
      return { from: shifted(today, -29), to: today };
    case 'ninety':
      return { from: shifted(today, -89), to: today };
    case 'month':
      return { from: monthStart, to: today };
    case 'last_month': {
      const last = shifted(monthStart, -1);
      return { from: `${last.slice(0, 8)}01`, to: last };
    }
    case 'year':
      return { from: `${today.slice(0, 4)}-01-01`, to: today };
  }
}

/** The last so many days of the range. */
export function lastDays(period: Period, most: number): Period {
  return daysOf(period) <= most ? period : { from: shifted(period.to, 1 - most), to: period.to };
}
