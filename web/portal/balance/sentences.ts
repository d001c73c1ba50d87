/** What a balance means for its user, in sentences. A month without allowance is never renewed. */

import type { CurrentTokens } from '@shared/api/proxy.gen';
import type { Formats } from '@shared/formats';
import type { balanceTexts } from '@shared/i18n';

export type BalanceTexts = (typeof balanceTexts)['en'];

/** What is left, of which running calls may hold a part. */
export function leftOf(balance: CurrentTokens): number {
  return balance.allowance.left + balance.credits;
}

export function isRenewed(balance: CurrentTokens): boolean {
  return balance.allowance.granted > 0;
}

/** Why a blocked user's chat does not answer. Tokens may be left: too few for the last call. */
export function whyStopped(balance: CurrentTokens, t: BalanceTexts, formats: Formats): string {
  const left = leftOf(balance);
  if (left > 0) return t.stopped(left, formats.integer(left), formats.integer(balance.refused_tokens));
  return isRenewed(balance) ? t.blocked : t.nothing;
}

/** What a blocked user can do. */
export function wayOn(balance: CurrentTokens, t: BalanceTexts, formats: Formats): string {
  return isRenewed(balance) ? t.wayOn(formats.date(balance.renews_at)) : t.wayOnBuying;
}

/** That the chat stops soon, and until when. */
export function nearEnd(balance: CurrentTokens, t: BalanceTexts, formats: Formats): string {
  return isRenewed(balance) ? t.nearEnd(formats.date(balance.renews_at)) : t.nearEndOfCredits;
}

/** How long the balance lasts at this pace. */
export function paceOf(balance: CurrentTokens, t: BalanceTexts, formats: Formats): string {
  if (balance.projected_run_out_date) return t.runsOut(formats.date(balance.projected_run_out_date));
  return isRenewed(balance) ? t.lasts : t.lastsTheMonth;
}

/** A threshold that was crossed. At 100 tokens may be left: that alert comes as well where they did not cover a call. */
export function alertOf(alert: number, balance: CurrentTokens, t: BalanceTexts, formats: Formats): string {
  if (leftOf(balance) > 0) {
    if (balance.state === 'blocked') return t.alertStopped;
    if (alert >= 100) return t.alertRefused;
  }
  if (!isRenewed(balance)) return alert >= 100 ? t.alertAllCredits : t.alertCredits(formats.percent(alert));
  return alert >= 100 ? t.alertAll : t.alert(formats.percent(alert));
}
