/** What a reader chose for this browser: theme and language. Never anything secret. */

const PREFIX = 'solaris.';

export function readChoice<T extends string>(name: string, admitted: readonly T[]): T | null {
  try {
    const kept = localStorage.getItem(PREFIX + name);
    return admitted.find((one) => one === kept) ?? null;
  } catch {
    return null;
  }
}

export function writeChoice(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Storage may be forbidden or full: the choice then holds for this page only.
  }
}
