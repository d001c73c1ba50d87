/** What is chosen for a front end, and what of it goes to the service. */

import type {
  BlockStyle,
  FrontEndResponse,
  FrontEndUpdate,
  FrontEndKind,
  FrontEndCreate,
} from '@shared/api/admin.gen';
import { readInteger, writeDecimal } from '@shared/forms/decimals';
import type { Language } from '@shared/i18n/texts';

const MOST_NEW_ACCOUNTS = 1_000_000;

export interface FrontEndDraft {
  name: string;
  kind: FrontEndKind;
  linkByEmail: boolean;
  strict: boolean;
  /** Empty: none, or the one that is there. */
  secret: string;
  removeSecret: boolean;
  blockStyle: BlockStyle;
  /** '' is the default plan. */
  plan: string;
  /** As it is typed; '' is the installation's own. */
  newAccounts: string;
}

const BLANK: FrontEndDraft = {
  name: '',
  kind: 'librechat',
  linkByEmail: false,
  strict: false,
  secret: '',
  removeSecret: false,
  blockStyle: 'error',
  plan: '',
  newAccounts: '',
};

export function draftOf(row: FrontEndResponse | null, language: Language): FrontEndDraft {
  if (row === null) return BLANK;
  return {
    ...BLANK,
    name: row.name,
    kind: row.kind,
    linkByEmail: row.link_by_email,
    strict: row.strict,
    blockStyle: row.block_style,
    plan: row.plan_type ?? '',
    newAccounts:
      row.new_accounts_per_day === null ? '' : writeDecimal(row.new_accounts_per_day, language, 0, 0),
  };
}

/** How many accounts a day: null is the installation's own number, undefined no number. */
export function newAccountsOf(draft: FrontEndDraft, language: Language): number | null | undefined {
  if (draft.newAccounts.trim() === '') return null;
  const value = readInteger(draft.newAccounts, language);
  return value === null || value > MOST_NEW_ACCOUNTS ? undefined : value;
}

export function orderOf(draft: FrontEndDraft, language: Language): FrontEndCreate {
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    link_by_email: draft.linkByEmail,
    strict: draft.strict,
    signing_secret: draft.secret || null,
    block_style: draft.blockStyle,
    plan_type: draft.plan || null,
    new_accounts_per_day: newAccountsOf(draft, language) ?? null,
  };
}

/** The secret is sent only where it changes: left out it stays. */
export function editOf(draft: FrontEndDraft, updatedAt: string, language: Language): FrontEndUpdate {
  const removes = draft.removeSecret && !draft.strict;
  return {
    updated_at: updatedAt,
    name: draft.name.trim(),
    link_by_email: draft.linkByEmail,
    strict: draft.strict,
    block_style: draft.blockStyle,
    plan_type: draft.plan || null,
    new_accounts_per_day: newAccountsOf(draft, language) ?? null,
    ...(removes ? { signing_secret: '' } : draft.secret ? { signing_secret: draft.secret } : {}),
  };
}
