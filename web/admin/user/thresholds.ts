/** Alert thresholds as typed: "80, 90, 100". Pure. */

const MOST = 5;

export function writeThresholds(percents: readonly number[]): string {
  return percents.join(', ');
}

/** The percents in order, each once; null where the text is no list of up to five whole numbers from 1 to 100. */
export function readThresholds(text: string): number[] | null {
  const parts = text.split(/[\s,;%]+/).filter((part) => part !== '');
  if (!parts.every((part) => /^\d{1,3}$/.test(part))) return null;
  const percents = [...new Set(parts.map(Number))].toSorted((a, b) => a - b);
  return percents.length <= MOST && percents.every((percent) => percent >= 1 && percent <= 100)
    ? percents
    : null;
}
