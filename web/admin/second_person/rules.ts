/** Whether a grant will need a second person, for the forms' notice beforehand. Pure; the service decides. */

import type {
  ApprovalRulesResponse,
  Cause,
  OfferedPackageResponse,
  PendingGrantResponse,
} from '@shared/api/admin.gen';

export interface Planned {
  tokens: number;
  amount: number;
  /** A purchase; gifts and adjustments have no price to be below. */
  isSale: boolean;
  /** The credit request's own package price, where one is approved. */
  listed?: { tokens: number; amount: number } | undefined;
}

type Offer = Pick<OfferedPackageResponse, 'tokens' | 'amount_brl'>;
type Rules = Pick<ApprovalRulesResponse, 'second_person_above_tokens' | 'second_person_below_price'>;

/** What the tokens cost by the price list, rounded down to cents; null without packages. As the service reckons it. */
export function priceOf(tokens: number, offers: readonly Offer[]): number | null {
  const known = offers.toSorted((a, b) => a.tokens - b.tokens || a.amount_brl - b.amount_brl);
  const smallest = known[0];
  if (!smallest) return null;
  const largest = known.findLast((offer) => offer.tokens <= tokens)?.tokens ?? smallest.tokens;
  const base = known.find((offer) => offer.tokens === largest) ?? smallest;
  const larger = known.filter((offer) => offer.tokens >= tokens).map((offer) => offer.amount_brl);
  return Math.min(share(base.amount_brl, base.tokens, tokens), ...larger);
}

/** Why the grant will need a second person; empty where nothing is known against it. */
export function causesOf(planned: Planned, rules: Rules, offers: readonly Offer[]): Cause[] {
  const causes: Cause[] = [];
  const limit = rules.second_person_above_tokens;
  if (limit > 0 && planned.tokens > limit) causes.push('above_amount');
  if (!rules.second_person_below_price) return causes;
  const { listed } = planned;
  const price = listed
    ? share(listed.amount, listed.tokens, planned.tokens)
    : planned.isSale
      ? priceOf(planned.tokens, offers)
      : null;
  if (price !== null && planned.amount < price) causes.push('below_price');
  return causes;
}

/** Whether the answer says that a second person has to confirm. */
export function isAsked(answer: object): answer is PendingGrantResponse {
  return 'explanation' in answer;
}

export type Hindrance = 'asker' | 'receiver';

/** Why the reader can't confirm or reject the grant; null where they can. */
export function hindranceOf(
  grant: Pick<PendingGrantResponse, 'asked_by' | 'user_id'>,
  readerId: string,
): Hindrance | null {
  if (grant.asked_by === readerId) return 'asker';
  return grant.user_id === readerId ? 'receiver' : null;
}

function share(amount: number, tokens: number, wanted: number): number {
  // A hair more than a cent's binary fraction loses.
  return Math.floor((amount * 100 * wanted) / tokens + 1e-6) / 100;
}
