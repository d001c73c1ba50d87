/** A typed `fetch` for the service that sent the page. The session is a cookie that no script can read. */

import createClient, {
  createFinalURL,
  createQuerySerializer,
  defaultPathSerializer,
  type RequestBodyOption,
} from 'openapi-fetch';
import type { HttpMethod, PathsWithMethod, SuccessResponse } from 'openapi-typescript-helpers';
import { ApiError, errorOf } from './errors';

/** The routes of a service (`paths` of its generated types), named as in its documentation: `GET /api/tokens/current`. */
export type RouteOf<Paths extends object> = {
  [M in HttpMethod]: `${Uppercase<M>} ${PathsWithMethod<Paths, M> & string}`;
}[HttpMethod];

type Operation<Paths, Route> = Route extends `${infer Method} ${infer Path extends keyof Paths & string}`
  ? Paths[Path][Lowercase<Method> & keyof Paths[Path]]
  : never;

/** What a caller gives for a route: `path`, `query`, `header` and `body`, required where the route requires them. */
export type RequestOf<Paths, Route> =
  Operation<Paths, Route> extends { parameters: infer Parameters }
    ? Parameters & RequestBodyOption<Operation<Paths, Route>>
    : never;

/** What a route answers when it succeeds. */
export type AnswerOf<Paths, Route> =
  Operation<Paths, Route> extends { responses: infer Answers extends Record<string | number, unknown> }
    ? SuccessResponse<Answers, 'application/json'>
    : never;

type Arguments<Request> = object extends Request
  ? [request?: Request, signal?: AbortSignal]
  : [request: Request, signal?: AbortSignal];

export type Call<Paths extends object> = <Route extends RouteOf<Paths>>(
  route: Route,
  ...rest: Arguments<RequestOf<Paths, Route>>
) => Promise<AnswerOf<Paths, Route>>;

interface AnyRequest {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  header?: Record<string, string>;
  body?: unknown;
}

/** The header that no foreign page can send without the service's leave (`auth/page_sessions.py`). */
const PAGE_HEADER = { 'X-Solaris-Page': '1' } as const;

const serialize = createQuerySerializer();
/** A filter that is not set is left out. */
const querySerializer = (query: Record<string, unknown>): string =>
  serialize(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')));

const client = createClient<Record<string, Record<HttpMethod, object>>>({
  headers: { Accept: 'application/json', ...PAGE_HEADER },
  credentials: 'same-origin',
  fetch: (request) => fetch(request),
  querySerializer,
});
client.use({
  onResponse: async ({ response }) => {
    if (!response.ok) throw await errorOf(response);
  },
  onError: ({ error }) =>
    error instanceof DOMException && error.name === 'AbortError' ? undefined : new ApiError(0, {}),
});

/** The address of a route with its path and query filled in: also for links to downloads. */
export function addressOf(route: string, { path = {}, query = {} }: Pick<AnyRequest, 'path' | 'query'> = {}) {
  const template = route.slice(route.indexOf(' ') + 1);
  return createFinalURL(template, {
    baseUrl: '',
    params: { path, query },
    querySerializer,
    pathSerializer: defaultPathSerializer,
  });
}

/**
 * Asks one route: `callRoute('GET /api/tokens/current')`.
 *
 * Throws `ApiError` for every refusal and when no answer comes; an abort throws the browser's own `AbortError`.
 */
export async function callRoute(
  route: string,
  { body, ...params }: AnyRequest = {},
  signal?: AbortSignal,
): Promise<unknown> {
  const [method, template] = route.split(' ') as [HttpMethod, string];
  const { data } = await client.request(method, template, {
    params,
    body: body as undefined, // which body belongs to which route is what `Call` says
    signal: signal ?? null,
  });
  return data;
}

/** `callRoute` with the types of one service. */
export function createCall<Paths extends object>(): Call<Paths> {
  return callRoute as Call<Paths>;
}
