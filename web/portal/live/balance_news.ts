/** What the stream GET /api/tokens/stream tells, as the pages use it. */

import type { CurrentTokens } from '@shared/api/proxy.gen';

/** The figures of a `balance` event: those of GET /api/tokens/current that a charge or a grant changes. */
export type BalanceFigures = Pick<
  CurrentTokens,
  | 'user_id'
  | 'period'
  | 'tokens_used'
  | 'tokens_remaining'
  | 'allowance'
  | 'credits'
  | 'held'
  | 'overage'
  | 'refused_tokens'
  | 'usage_percent'
  | 'state'
  | 'alert'
  | 'renews_at'
>;

/** A `grant` event. */
export interface Grant {
  transaction_id: string;
  /** Negative where tokens were taken back. */
  tokens_added: number;
}

export function isFigures(data: unknown): data is BalanceFigures {
  const told = data as Partial<BalanceFigures> | null;
  return typeof told?.tokens_remaining === 'number' && typeof told.allowance?.left === 'number';
}

export function isGrant(data: unknown): data is Grant {
  const told = data as Partial<Grant> | null;
  return typeof told?.transaction_id === 'string' && typeof told.tokens_added === 'number';
}

/** The balance with what was just told; what an event doesn't tell (plan, projection) stays until it is asked again. */
export function withFigures(
  present: CurrentTokens | undefined,
  told: BalanceFigures,
): CurrentTokens | undefined {
  if (!present || present.user_id !== told.user_id) return present;
  const {
    period,
    tokens_used,
    tokens_remaining,
    allowance,
    credits,
    held,
    overage,
    refused_tokens,
    usage_percent,
    state,
    alert,
    renews_at,
  } = told;
  return {
    ...present,
    period,
    tokens_used,
    tokens_remaining,
    allowance,
    credits,
    held,
    overage,
    refused_tokens,
    usage_percent,
    state,
    alert,
    renews_at,
  };
}
