/** What the administration's stream tells of users: a threshold crossed, credits asked for, credits given. Pure. */

interface OfUser {
  id: string;
  created_at: string;
  user_id: string;
  name: string;
  email: string | null;
}

export type News =
  | (OfUser & { kind: 'alert'; threshold_percent: number; usage_percent: number })
  | (OfUser & { kind: 'request'; ticket_number: string; tokens: number })
  | (OfUser & { kind: 'grant'; tokens_added: number });

const NEWS_KINDS = ['alert', 'request', 'grant'] as const;
export const MOST_NEWS = 6;

export function readNews(kind: string, data: unknown): News | null {
  const known = NEWS_KINDS.find((one) => one === kind);
  if (known === undefined || typeof data !== 'object' || data === null) return null;
  if (!('id' in data) || !('user_id' in data) || !('created_at' in data)) return null;
  return { ...data, kind: known } as News;
}

/** The newest first; what comes again after a reconnection is not told twice. */
export function withNews(present: readonly News[], one: News): readonly News[] {
  if (present.some((known) => known.id === one.id)) return present;
  return [one, ...present]
    .toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))
    .slice(0, MOST_NEWS);
}
