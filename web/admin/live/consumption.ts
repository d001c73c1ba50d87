/** The live consumption as the administration's stream tells it: the last minutes, a figure a second. Pure. */

/** The stream's `history`: figures of the seconds up to `until`, the oldest first. */
export interface HistoryEvent {
  until: string;
  tokens: readonly number[];
}

/** The stream's `live`, every second. */
export interface LiveEvent {
  at: string;
  /** `database` while Redis is away: then told every two seconds, and without tokens by model. */
  source: 'push' | 'database';
  tokens: number;
  requests: number;
  tokens_per_minute: number;
  requests_per_minute: number;
  errors_per_minute: number;
  models: readonly { model: string; requests: number; tokens: number | null; errors: number }[];
}

export interface Consumption {
  /** The second of the newest figure, since 1970; null before the first event. */
  second: number | null;
  /** Tokens of each of the last seconds, the newest last; always `KEPT_SECONDS` of them. */
  tokens: readonly number[];
  latest: LiveEvent | null;
}

export interface Bar {
  /** The first second of the bar, since 1970. */
  second: number;
  tokens: number;
}

export const KEPT_SECONDS = 300;
export const BAR_SECONDS = 5;

export const NOTHING_YET: Consumption = {
  second: null,
  tokens: Array.from({ length: KEPT_SECONDS }, () => 0),
  latest: null,
};

export function withHistory(present: Consumption, event: HistoryEvent): Consumption {
  const padding = Math.max(0, KEPT_SECONDS - event.tokens.length);
  return {
    ...present,
    second: secondOf(event.until),
    tokens: [...Array.from({ length: padding }, () => 0), ...event.tokens.slice(-KEPT_SECONDS)],
  };
}

/** Puts the second in its place; seconds that were not told of are zero, and one that was told of before is corrected. */
export function withLive(present: Consumption, event: LiveEvent): Consumption {
  const second = secondOf(event.at);
  const before = present.second ?? second - 1;
  const steps = second - before;
  const tokens = [...present.tokens];
  if (steps > 0) {
    const shift = Math.min(steps, KEPT_SECONDS);
    tokens.splice(0, shift);
    tokens.push(...Array.from({ length: shift }, () => 0));
  }
  const place = KEPT_SECONDS - 1 + Math.min(0, steps);
  if (place >= 0) tokens[place] = event.tokens;
  return { second: Math.max(second, before), tokens, latest: event };
}

/** Bars of some seconds each, on the clock's own steps, so that a bar stays where it is while time goes on. */
export function barsOf({ second, tokens }: Consumption): Bar[] {
  if (second === null) return [];
  const first = second - KEPT_SECONDS + 1;
  const bars: Bar[] = [];
  for (const [index, figure] of tokens.entries()) {
    const start = Math.floor((first + index) / BAR_SECONDS) * BAR_SECONDS;
    const last = bars.at(-1);
    if (last?.second === start) last.tokens += figure;
    else bars.push({ second: start, tokens: figure });
  }
  // The oldest is cut off where the five minutes begin: half a bar would look like a dip.
  return first % BAR_SECONDS === 0 ? bars : bars.slice(1);
}

export function isQuiet({ tokens }: Consumption): boolean {
  return tokens.every((figure) => figure === 0);
}

export function isHistory(data: unknown): data is HistoryEvent {
  return isRecord(data) && typeof data.until === 'string' && Array.isArray(data.tokens);
}

export function isLive(data: unknown): data is LiveEvent {
  return (
    isRecord(data) &&
    typeof data.at === 'string' &&
    typeof data.tokens === 'number' &&
    Array.isArray(data.models)
  );
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null;
}

function secondOf(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000);
}
