/** Who is signed in. The session is an HttpOnly cookie: the page asks the service, and keeps no token anywhere. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { callRoute } from '../api/client';
import { ApiError } from '../api/errors';
import type { PageSession } from '../api/proxy.gen';

export type { Role } from '../api/proxy.gen';
/** Both services answer it. `must_change_password`: staff made the password, another one comes before anything else. */
export type Session = PageSession;

interface SessionState {
  /** undefined: not known yet; null: nobody is signed in. */
  session: Session | null | undefined;
  /** Why it is not known, while the service does not answer. */
  error: ApiError | null;
  retry: () => void;
  /** Whether somebody was signed in and did not leave on purpose. */
  hasExpired: boolean;
  signIn: (email: string, password: string) => Promise<void>;
  signOut: () => Promise<void>;
}

export const SESSION_KEY = ['session'] as const;
// Asking also prolongs the session: it lasts while its page is looked at.
const REFRESH_MILLISECONDS = 5 * 60 * 1000;

const Context = createContext<SessionState | null>(null);

async function readSession(): Promise<Session | null> {
  try {
    return ((await callRoute('GET /api/auth/session')) as Session | undefined) ?? null;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const query = useQuery<Session | null, ApiError>({
    queryKey: SESSION_KEY,
    queryFn: readSession,
    staleTime: REFRESH_MILLISECONDS,
    refetchInterval: (asked) => (asked.state.data ? REFRESH_MILLISECONDS : false),
  });
  const { data, error, refetch } = query;
  // What the page last knew for sure: a session that was there and is gone without being left has run out.
  const [wasSignedIn, setWasSignedIn] = useState(false);
  if (data && !wasSignedIn) setWasSignedIn(true);
  const signIn = useCallback(
    async (email: string, password: string) => {
      const session = (await callRoute('POST /api/auth/session', { body: { email, password } })) as Session;
      client.removeQueries({ predicate: (kept) => kept.queryKey[0] !== SESSION_KEY[0] });
      client.setQueryData(SESSION_KEY, session);
    },
    [client],
  );
  const signOut = useCallback(async () => {
    await callRoute('DELETE /api/auth/session');
    setWasSignedIn(false);
    client.setQueryData(SESSION_KEY, null);
    client.removeQueries({ predicate: (kept) => kept.queryKey[0] !== SESSION_KEY[0] });
  }, [client]);
  const retry = useCallback(() => void refetch(), [refetch]);
  const hasExpired = wasSignedIn && data === null;
  const state = useMemo(
    () => ({ session: data, error: data === undefined ? error : null, retry, hasExpired, signIn, signOut }),
    [data, error, retry, hasExpired, signIn, signOut],
  );
  return <Context.Provider value={state}>{children}</Context.Provider>;
}

export function useSessionState(): SessionState {
  const state = useContext(Context);
  if (state === null) throw new Error('useSessionState outside of SessionProvider');
  return state;
}

/** The session of a page that only signed-in people see. */
export function useSession(): Session {
  const { session } = useSessionState();
  if (!session) throw new Error('useSession without a session');
  return session;
}
