/** The balance as `GET /api/tokens/stream` tells it, and when its alert is to be shown. */

export interface Balance {
  user_id: string;
  tokens_remaining: number;
  /** What is left, of which running calls may hold a part. */
  left: number;
  /** What the last call needed, where it was refused for lack of tokens; else 0. */
  refused_tokens: number;
  usage_percent: number;
  state: 'normal' | 'alert_80' | 'alert_90' | 'blocked' | 'suspended';
  /** The highest threshold crossed and not acknowledged. */
  alert: number | null;
  /** The customer's day on which the next period begins. */
  renews_on: string;
  /** False where that period brings no tokens. */
  renews: boolean;
}

/** The alert that this browser showed last; in another month, or for another user, it counts no more. */
export interface Shown {
  user: string;
  period: string;
  percent: number;
  /** What was used then. The alert of 100 also comes below 100: where a small rest did not cover a call. */
  usage?: number;
}

const NUMBERS = ['tokens_remaining', 'usage_percent'] as const;
const TEXTS = ['user_id', 'state', 'renews_on'] as const;

/** The balance in an event's data; null where it is none, whatever a future server may send. */
export function readBalance(data: unknown): Balance | null {
  if (typeof data !== 'object' || data === null) return null;
  const told = data as Record<string, unknown>;
  if (NUMBERS.some((key) => typeof told[key] !== 'number')) return null;
  if (TEXTS.some((key) => typeof told[key] !== 'string')) return null;
  const alert = typeof told.alert === 'number' ? told.alert : null;
  const refused = typeof told.refused_tokens === 'number' ? told.refused_tokens : 0;
  return { ...(told as unknown as Balance), ...fromAllowance(told), alert, refused_tokens: refused };
}

function fromAllowance(told: Record<string, unknown>): Pick<Balance, 'left' | 'renews'> {
  const allowance = told.allowance as { granted?: unknown; left?: unknown } | null | undefined;
  const { granted, left } = allowance ?? {};
  const known = typeof left === 'number' && typeof told.credits === 'number';
  return {
    left: known ? left + (told.credits as number) : (told.tokens_remaining as number),
    renews: granted !== 0,
  };
}

/** What is to be remembered of an alert that is shown now. */
export function shownNow(percent: number, balance: Balance): Shown {
  return { user: balance.user_id, period: balance.renews_on, percent, usage: balance.usage_percent };
}

function shownPercent(shown: Shown | null, balance: Balance): number {
  const counts = shown !== null && shown.user === balance.user_id && shown.period === balance.renews_on;
  return counts ? shown.percent : 0;
}

/** The threshold to show now; null where there is none, or it was shown. */
export function alertToShow(shown: Shown | null, balance: Balance): number | null {
  return balance.alert !== null && balance.alert > shownPercent(shown, balance) ? balance.alert : null;
}

/**
 * What is to be remembered after this balance, null where nothing changes. Credits bring the use below the alert that was shown: from
 * there on it is armed again. That the alert is gone says less, since seeing it ends it too.
 */
export function rearmed(shown: Shown | null, balance: Balance): Shown | null {
  const percent = shownPercent(shown, balance);
  if (balance.usage_percent >= Math.min(percent, shown?.usage ?? percent)) return null;
  return { user: balance.user_id, period: balance.renews_on, percent: balance.usage_percent };
}
