/** The form "Adicionar Créditos" as a body for the service. Pure. */

import type { GrantBody, GrantReason } from '@shared/api/admin.gen';
import type { Language } from '@shared/i18n/texts';
import { readDecimal, readInteger } from '@shared/forms/decimals';
import type { Planned } from '../second_person/rules';

export interface GrantFields {
  tokens: string;
  reason: GrantReason;
  amount: string;
  note: string;
}

export type GrantProblem = 'tokens' | 'amountInvalid' | 'amountNeeded';

const MOST_TOKENS = 1_000_000_000;
export const REASONS: readonly GrantReason[] = ['compra_email', 'promocional', 'ajuste_manual'];

/** The tokens as typed, or null where they are no amount that can be given. */
export function tokensOf(text: string, language: Language): number | null {
  const tokens = readInteger(text, language);
  return tokens !== null && tokens >= 1 && tokens <= MOST_TOKENS ? tokens : null;
}

/** What is wrong with the form; nothing: `bodyOf` may be sent. */
export function problemsOf(fields: GrantFields, language: Language): GrantProblem[] {
  const problems: GrantProblem[] = [];
  if (tokensOf(fields.tokens, language) === null) problems.push('tokens');
  const amount = amountOf(fields, language);
  if (amount === null) problems.push('amountInvalid');
  else if (fields.reason === 'compra_email' && amount === 0) problems.push('amountNeeded');
  return problems;
}

export function bodyOf(fields: GrantFields, language: Language): GrantBody {
  return {
    tokens: tokensOf(fields.tokens, language) ?? 0,
    amount_paid: amountOf(fields, language) ?? 0,
    reason: fields.reason,
    note: fields.note.trim(),
  };
}

/** What is about to be given, as far as it can be judged; null while the form is incomplete. */
export function plannedOf(fields: GrantFields, language: Language): Planned | null {
  if (problemsOf(fields, language).length > 0) return null;
  const { tokens, amount_paid } = bodyOf(fields, language);
  return { tokens, amount: Number(amount_paid), isSale: fields.reason === 'compra_email' };
}

/** What will be left: what was used beyond the balance is paid back first. */
export function remainingAfter(remaining: number, overage: number, tokens: number): number {
  return remaining + Math.max(0, tokens - overage);
}

function amountOf(fields: GrantFields, language: Language): number | null {
  if (fields.amount.trim() === '') return 0;
  const read = readDecimal(fields.amount, language);
  return read === null ? null : Number(read);
}
