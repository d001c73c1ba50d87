/** What the browser keeps for the counter, in one entry of the page's own storage; in memory where there is no storage. */

import type { Shown } from './balance';

export interface Kept {
  /** Reads this user's balance and opens nothing else (POST /api/widget/token). */
  token: string | null;
  shown: Shown | null;
}

const NOTHING: Kept = { token: null, shown: null };

function parsed(text: string | null): Kept {
  if (text === null) return NOTHING;
  try {
    return { ...NOTHING, ...(JSON.parse(text) as Kept) };
  } catch {
    return NOTHING;
  }
}

export class Store {
  private readonly key: string;
  private memory: Kept = NOTHING;

  constructor(
    proxy: string,
    private storage: Storage | null,
  ) {
    this.key = `solaris.widget ${proxy}`;
  }

  get(): Kept {
    try {
      return this.storage === null ? this.memory : parsed(this.storage.getItem(this.key));
    } catch {
      return this.memory;
    }
  }

  set(change: Partial<Kept>): void {
    this.memory = { ...this.get(), ...change };
    try {
      this.storage?.setItem(this.key, JSON.stringify(this.memory));
    } catch {
      // Full, or forbidden meanwhile: from now on memory has it.
      this.storage = null;
    }
  }
}

/** The page's storage; null where the browser forbids it. */
export function pageStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
