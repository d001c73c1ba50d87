/** How long to wait before the next try: longer each time, never the same for everybody. */

const FIRST_MILLISECONDS = 2_000;
const MOST_MILLISECONDS = 60_000;
const SPREAD = 0.3;

export class BackOff {
  private failures = 0;
  private first = FIRST_MILLISECONDS;

  constructor(private readonly random: () => number = Math.random) {}

  /** It worked: the next wait is short again. */
  reset(): void {
    this.failures = 0;
  }

  /** The server says how soon to come back at first. */
  startFrom(milliseconds: number): void {
    this.first = Math.min(Math.max(milliseconds, 500), MOST_MILLISECONDS);
  }

  next(): number {
    const plain = Math.min(this.first * 2 ** this.failures, MOST_MILLISECONDS);
    this.failures += 1;
    return Math.round(plain * (1 + SPREAD * (2 * this.random() - 1)));
  }
}

/** A `Retry-After` in seconds as milliseconds, bounded; null where there is none. */
export function retryAfter(value: string | null): number | null {
  const seconds = value === null ? Number.NaN : Number(value);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 600) * 1000 : null;
}
