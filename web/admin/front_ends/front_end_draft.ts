/** What is chosen for a front end, and what of it goes to the service. */

import type {
  BlockStyle,
  FrontEndAnswer,
  FrontEndEditBody,
  FrontEndKind,
  FrontEndOrder,
} from '@shared/api/admin.gen';

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
};

export function draftOf(row: FrontEndAnswer | null): FrontEndDraft {
  if (row === null) return BLANK;
  return {
    ...BLANK,
    name: row.name,
    kind: row.kind,
    linkByEmail: row.link_by_email,
    strict: row.strict,
    blockStyle: row.block_style,
    plan: row.plan_type ?? '',
  };
}

export function orderOf(draft: FrontEndDraft): FrontEndOrder {
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    link_by_email: draft.linkByEmail,
    strict: draft.strict,
    signing_secret: draft.secret || null,
    block_style: draft.blockStyle,
    plan_type: draft.plan || null,
  };
}

/** The secret is sent only where it changes: left out it stays. */
export function editOf(draft: FrontEndDraft, updatedAt: string): FrontEndEditBody {
  const removes = draft.removeSecret && !draft.strict;
  return {
    updated_at: updatedAt,
    name: draft.name.trim(),
    link_by_email: draft.linkByEmail,
    strict: draft.strict,
    block_style: draft.blockStyle,
    plan_type: draft.plan || null,
    ...(removes ? { signing_secret: '' } : draft.secret ? { signing_secret: draft.secret } : {}),
  };
}
