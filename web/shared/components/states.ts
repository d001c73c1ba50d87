/** A user's state as the service tells it, and the colour that belongs to it. */

export type UserState = 'normal' | 'alert_80' | 'alert_90' | 'blocked' | 'suspended';
export type Tone = 'good' | 'alert' | 'blocked' | 'neutral';

const TONES: Record<UserState, Tone> = {
  normal: 'good',
  alert_80: 'alert',
  alert_90: 'alert',
  blocked: 'blocked',
  suspended: 'neutral',
};

export function toneOf(state: UserState): Tone {
  return TONES[state];
}

/**
 * The bar's colour by how much is used: green below 80, amber below 100 (SPEC: alerts at 80 and 90), then red. Red also for a user who
 * is blocked though something is left, since it covers no usual call.
 */
export function toneOfUse(percent: number, state?: string): Tone {
  if (state === 'blocked') return 'blocked';
  if (percent >= 100) return 'blocked';
  return percent >= 80 ? 'alert' : 'good';
}

const MOST_SHOWN_PERCENT = 99.9;

/** The share that is used, as it is shown: 100 only where nothing is left, however little it is. */
export function usedPercent(percent: number, left: number): number {
  return left > 0 ? Math.min(percent, MOST_SHOWN_PERCENT) : percent;
}
