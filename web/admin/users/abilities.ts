/** What a member of the staff may do with an account. The service decides; this only keeps buttons away that it would refuse. */

import { MONEY_READERS, MONEY_WRITERS } from '@shared/layout/pages';
import type { Role } from '@shared/session/session';

interface Actor {
  id: string;
  role: Role;
}

interface Account {
  id: string;
  role: Role;
  active: boolean;
  anonymised_at: string | null;
}

export interface Abilities {
  edit: boolean;
  suspend: boolean;
  reactivate: boolean;
  /** Credits, plan, limit, reset: what moves tokens. */
  moveTokens: boolean;
  /** It would move tokens, but the account is the reader's own. */
  ownTokens: boolean;
  setPassword: boolean;
  anonymise: boolean;
  export: boolean;
}

export function seesMoney(role: Role): boolean {
  return MONEY_READERS.includes(role);
}

export function movesMoney(role: Role): boolean {
  return MONEY_WRITERS.includes(role);
}

export function abilitiesOf(actor: Actor, account: Account): Abilities {
  const editor = seesMoney(actor.role) && isOpen(actor, account);
  const writer = movesMoney(actor.role) && isOpen(actor, account);
  // No one shuts themselves out, or gives themselves tokens.
  const other = actor.id !== account.id;
  return {
    edit: editor,
    suspend: editor && other && account.active,
    reactivate: editor && !account.active,
    moveTokens: writer && other,
    ownTokens: writer && !other,
    setPassword: writer,
    anonymise: writer && other,
    export: movesMoney(actor.role),
  };
}

/** Accounts of the staff are changed by those at the top alone, anonymised ones by nobody. */
function isOpen(actor: Actor, account: Account): boolean {
  return account.anonymised_at === null && (account.role === 'user' || actor.role === 'super_admin');
}
