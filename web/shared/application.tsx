/** Starts one application: theme, language, session, pages by address. */

import { Center, Loader, MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useEffect, useMemo } from 'react';
import { setNonce } from 'get-nonce';
import { createRoot } from 'react-dom/client';
import { Redirect, Route, Switch, useLocation, useSearch } from 'wouter';
import '@mantine/core/styles.css';
import { ApiError } from './api/errors';
import { ErrorBoundary } from './components/error_boundary';
import { ErrorMessage, ForbiddenMessage, NotFoundMessage } from './components/messages';
import { NoticesProvider } from './components/notices';
import { type PageName, commonTexts, navigationTexts } from './i18n';
import { LanguageProvider, useTexts } from './i18n/language';
import { Frame } from './layout/frame';
import { firstPage, maySee, type Page } from './layout/pages';
import { returnPath, signInAddress } from './session/return_path';
import { type Role, SESSION_KEY, SessionProvider, useSessionState } from './session/session';
import { colorSchemeManager, styleNonce } from './theme/color_scheme';
import { cssVariables, theme } from './theme/theme';
import './theme/global.css';

const SignInPage = lazy(() => import('./layout/sign_in_page'));
const NewPasswordPage = lazy(() => import('./layout/new_password_page'));

const STALE_MILLISECONDS = 15_000;
const MOST_RETRIES = 2;

type AppName = 'portal' | 'admin';

export interface ApplicationProps {
  app: AppName;
  signInPath: string;
  pages: readonly Page[];
}

/** Draws the application into the document's `#root`. */
export function startApplication(application: ApplicationProps): void {
  // For the styles that keep what lies behind a dialog from scrolling.
  setNonce(styleNonce());
  const root = document.getElementById('root');
  if (root) createRoot(root).render(<Application {...application} />);
}

function Application(application: ApplicationProps) {
  const client = useMemo(() => makeQueryClient(), []);
  const manager = useMemo(() => colorSchemeManager(), []);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={manager}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <LanguageProvider>
        <QueryClientProvider client={client}>
          <SessionProvider>
            <NoticesProvider>
              <ErrorBoundary>
                <Doors {...application} />
              </ErrorBoundary>
            </NoticesProvider>
          </SessionProvider>
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  );
}

function makeQueryClient(): QueryClient {
  // Whatever asked: an answer of 401 means that the session is over, and the doors lead to the sign-in page.
  const onError = (error: Error) => {
    if (error instanceof ApiError && error.status === 401) client.setQueryData(SESSION_KEY, null);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MILLISECONDS,
        retry: (count, error) => count < MOST_RETRIES && error instanceof ApiError && error.mayPass,
      },
    },
  });
  return client;
}

/** Decides by session and address what is shown. */
function Doors({ app, signInPath, pages }: ApplicationProps) {
  const { session, error, retry, hasExpired } = useSessionState();
  const [location] = useLocation();
  const search = useSearch();
  if (session === undefined)
    return <Alone>{error ? <ErrorMessage error={error} onRetry={retry} order={1} /> : <Waiting />}</Alone>;
  if (location === signInPath) {
    if (session) return <Redirect to={returnPath(search)} replace />;
    return (
      <Lone app={app} name="signIn">
        <SignInPage app={app} expired={hasExpired} />
      </Lone>
    );
  }
  if (session === null) {
    return <Redirect to={signInAddress(signInPath, location + (search && `?${search}`))} replace />;
  }
  if (session.must_change_password) {
    return (
      <Lone app={app} name="newPassword">
        <NewPasswordPage app={app} />
      </Lone>
    );
  }
  return <SignedIn app={app} pages={pages} role={session.user.role} />;
}

/** A page without the frame, loaded when it is needed. */
function Lone({ app, name, children }: { app: AppName; name: PageName; children: ReactNode }) {
  return (
    <Titled app={app} name={name}>
      <Suspense
        fallback={
          <Alone>
            <Waiting />
          </Alone>
        }
      >
        {children}
      </Suspense>
    </Titled>
  );
}

function SignedIn({ app, pages, role }: { app: AppName; pages: readonly Page[]; role: Role }) {
  const common = useTexts(commonTexts);
  const [location] = useLocation();
  const drawn = useMemo(() => pages.map((page) => ({ page, View: lazy(page.load) })), [pages]);
  return (
    <Frame title={common[app]} pages={pages}>
      <ErrorBoundary key={location}>
        <Suspense fallback={<Waiting />}>
          <Switch>
            {drawn.map(({ page, View }) => (
              <Route key={page.path} path={page.path}>
                <Titled app={app} name={page.name}>
                  {maySee(page, role) ? <View /> : <Elsewhere page={page} pages={pages} role={role} />}
                </Titled>
              </Route>
            ))}
            <Route>
              <Titled app={app} name="notFound">
                <NotFoundMessage />
              </Titled>
            </Route>
          </Switch>
        </Suspense>
      </ErrorBoundary>
    </Frame>
  );
}

/** The start page leads a role that may not see it to the first page that it may; other pages say that they are closed. */
function Elsewhere({ page, pages, role }: { page: Page; pages: readonly Page[]; role: Role }) {
  const first = firstPage(pages, role);
  return page.path === '/' && first ? <Redirect to={first.path} replace /> : <ForbiddenMessage />;
}

/** Names the page in the browser's title. */
function Titled({ app, name, children }: { app: AppName; name: PageName; children: ReactNode }) {
  const title = `${useTexts(navigationTexts)[name]} · ${useTexts(commonTexts)[app]}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return children;
}

function Alone({ children }: { children: ReactNode }) {
  return (
    <Center component="main" mih="100dvh">
      {children}
    </Center>
  );
}

function Waiting() {
  const t = useTexts(commonTexts);
  return (
    <Center component="output" mih="40dvh" aria-label={t.loading}>
      <Loader />
    </Center>
  );
}
