import { describe, expect, it } from 'vitest';
import {
  BAR_SECONDS,
  barsOf,
  isHistory,
  isLive,
  isQuiet,
  KEPT_SECONDS,
  type LiveEvent,
  NOTHING_YET,
  withHistory,
  withLive,
} from './consumption';

function live(at: string, tokens: number): LiveEvent {
  return {
    at,
    source: 'push',
    tokens,
    requests: 1,
    tokens_per_minute: tokens,
    requests_per_minute: 1,
    errors_per_minute: 0,
    models: [],
  };
}

describe('the live consumption', () => {
  it('goes on from the history', () => {
    const started = withHistory(NOTHING_YET, { until: '2026-11-22T14:00:00Z', tokens: [1, 2, 3] });
    expect(started.tokens).toHaveLength(KEPT_SECONDS);
    const next = withLive(started, live('2026-11-22T14:00:01Z', 4));
    expect(next.tokens.slice(-4)).toEqual([1, 2, 3, 4]);
  });

  it('leaves seconds empty that nobody told of, and forgets all after a long sleep', () => {
    const started = withHistory(NOTHING_YET, { until: '2026-11-22T14:00:00Z', tokens: [9] });
    expect(withLive(started, live('2026-11-22T14:00:03Z', 5)).tokens.slice(-4)).toEqual([9, 0, 0, 5]);
    const slept = withLive(started, live('2026-11-22T15:00:00Z', 7));
    expect(slept.tokens.filter((figure) => figure > 0)).toEqual([7]);
    expect(slept.tokens).toHaveLength(KEPT_SECONDS);
  });

  it('corrects a second told twice, and ignores one that is long past', () => {
    const started = withHistory(NOTHING_YET, { until: '2026-11-22T14:00:00Z', tokens: [1, 1] });
    const again = withLive(started, live('2026-11-22T13:59:59Z', 8));
    expect(again.tokens.slice(-2)).toEqual([8, 1]);
    expect(again.second).toBe(started.second);
    expect(withLive(started, live('2026-11-22T10:00:00Z', 8)).tokens).toEqual(started.tokens);
  });

  it('begins without a history', () => {
    expect(withLive(NOTHING_YET, live('2026-11-22T14:00:00Z', 2)).tokens.at(-1)).toBe(2);
    expect(barsOf(NOTHING_YET)).toEqual([]);
  });

  it('gathers whole bars whose sum loses nothing but the cut one', () => {
    const tokens = Array.from({ length: KEPT_SECONDS }, () => 1);
    const whole = barsOf(withHistory(NOTHING_YET, { until: '2026-11-22T14:00:04Z', tokens }));
    expect(whole).toHaveLength(KEPT_SECONDS / BAR_SECONDS);
    expect(whole.every((bar) => bar.tokens === BAR_SECONDS)).toBe(true);
    const begun = barsOf(withHistory(NOTHING_YET, { until: '2026-11-22T14:00:05Z', tokens }));
    expect(begun.at(-1)).toEqual({ second: Date.parse('2026-11-22T14:00:05Z') / 1000, tokens: 1 });
    expect(begun[0]?.tokens).toBe(BAR_SECONDS);
  });

  it('is quiet without tokens', () => {
    expect(isQuiet(NOTHING_YET)).toBe(true);
    expect(isQuiet(withLive(NOTHING_YET, live('2026-11-22T14:00:00Z', 1)))).toBe(false);
  });

  it('takes only what has the shape', () => {
    expect(isLive(live('2026-11-22T14:00:00Z', 1))).toBe(true);
    expect(isLive({ at: 1 })).toBe(false);
    expect(isHistory({ until: '2026-11-22T14:00:00Z', tokens: [] })).toBe(true);
    expect(isHistory(null)).toBe(false);
  });
});
