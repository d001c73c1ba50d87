/** What is typed into the dialogs of packages and plans, and what of it goes to the service. */

import type { OfferedPackageResponse, PlanResponse } from '@shared/api/admin.gen';
import type { Language } from '@shared/i18n/texts';
import { isBetween, readDecimal, readInteger, writeDecimal } from '@shared/forms/decimals';

const MOST_TOKENS = 1_000_000_000;
const MOST_CONCURRENT_CALLS = 10_000;
const DEFAULT_CONCURRENT_CALLS = 20;
const MOST_PLACE = 1000;
const KEY = /^[a-z0-9_-]{1,40}$/;

export interface PackageDraft {
  id: string;
  name: string;
  tokens: string;
  amount: string;
  badge: string;
  place: string;
  active: boolean;
}

export interface PlanDraft {
  id: string;
  name: string;
  tokens: string;
  amount: string;
  requests: string;
  rate: string;
  calls: string;
  place: string;
  active: boolean;
}

/** Which fields can't be sent as they are. */
export type Problems<Draft> = Partial<Record<keyof Draft, true>>;

export function packageDraft(row: OfferedPackageResponse | null, language: Language): PackageDraft {
  if (row === null) return { id: '', name: '', tokens: '', amount: '', badge: '', place: '0', active: true };
  return {
    id: row.id,
    name: row.name,
    tokens: writeDecimal(row.tokens, language, 0, 0),
    amount: writeDecimal(row.amount_brl, language),
    badge: row.badge ?? '',
    place: String(row.sort_order),
    active: row.active,
  };
}

export function planDraft(row: PlanResponse | null, language: Language): PlanDraft {
  if (row === null)
    return {
      id: '',
      name: '',
      tokens: '',
      amount: '',
      requests: '',
      rate: '',
      calls: String(DEFAULT_CONCURRENT_CALLS),
      place: '0',
      active: true,
    };
  const rate = (value: number | null) => (value === null ? '' : writeDecimal(value, language, 0, 0));
  return {
    id: row.plan_type,
    name: row.name,
    tokens: writeDecimal(row.monthly_tokens, language, 0, 0),
    amount: writeDecimal(row.price_brl, language),
    requests: rate(row.requests_per_minute),
    rate: rate(row.tokens_per_minute),
    calls: writeDecimal(row.concurrent_calls, language, 0, 0),
    place: String(row.sort_order),
    active: row.active,
  };
}

/** The fields of `POST` and `PATCH /admin/packages`, but the id; or which of them are wrong. */
export function readPackage(draft: PackageDraft, language: Language) {
  const tokens = readInteger(draft.tokens, language);
  const amount = readDecimal(draft.amount, language);
  const problems: Problems<PackageDraft> = {
    ...common(draft),
    ...(tokens === null || tokens < 1 || tokens > MOST_TOKENS ? { tokens: true } : {}),
    ...(amount === null || Number(amount) === 0 ? { amount: true } : {}),
  };
  const body = {
    name: draft.name.trim(),
    tokens: tokens ?? 0,
    amount_brl: Number(amount),
    badge: draft.badge.trim() || null,
    sort_order: readPlace(draft.place) ?? 0,
    active: draft.active,
  };
  return { body, problems };
}

/** The fields of `POST` and `PATCH /admin/plans`, but the plan's type; or which of them are wrong. */
export function readPlan(draft: PlanDraft, language: Language) {
  const tokens = readInteger(draft.tokens, language);
  const amount = readDecimal(draft.amount, language);
  const requests = readRate(draft.requests, language);
  const rate = readRate(draft.rate, language);
  const calls = readInteger(draft.calls, language);
  const problems: Problems<PlanDraft> = {
    ...common(draft),
    ...(isBetween(tokens, 0, MOST_TOKENS) ? {} : { tokens: true }),
    ...(amount === null ? { amount: true } : {}),
    ...(requests === undefined ? { requests: true } : {}),
    ...(rate === undefined ? { rate: true } : {}),
    ...(isBetween(calls, 1, MOST_CONCURRENT_CALLS) ? {} : { calls: true }),
  };
  const body = {
    name: draft.name.trim(),
    monthly_tokens: tokens ?? 0,
    price_brl: Number(amount),
    requests_per_minute: requests ?? null,
    tokens_per_minute: rate ?? null,
    concurrent_calls: calls ?? DEFAULT_CONCURRENT_CALLS,
    sort_order: readPlace(draft.place) ?? 0,
    active: draft.active,
  };
  return { body, problems };
}

function common(draft: { id: string; name: string; place: string }) {
  const place = readPlace(draft.place);
  return {
    ...(KEY.test(draft.id) ? {} : { id: true as const }),
    ...(draft.name.trim() ? {} : { name: true as const }),
    ...(place === null || Math.abs(place) > MOST_PLACE ? { place: true as const } : {}),
  };
}

/** The problems as `useForm` takes them: each field with its sentence. */
export function errorsOf<Draft>(
  problems: Problems<Draft>,
  sentences: Partial<Record<keyof Draft, string>>,
): Record<string, string | undefined> {
  const fields = Object.keys(problems) as (keyof Draft & string)[];
  return Object.fromEntries(fields.map((field) => [field, sentences[field]]));
}

function readPlace(text: string): number | null {
  return /^-?\d{1,4}$/.test(text.trim()) ? Number(text) : null;
}

/** null without a limit, undefined where it is no rate. */
function readRate(text: string, language: Language): number | null | undefined {
  if (text.trim() === '') return null;
  const value = readInteger(text, language);
  return value === null || value < 1 || value > 2 * MOST_TOKENS ? undefined : value;
}
