/** A typed `fetch` for the service that sent the page. The session is a cookie that no script can read. */

import { ApiError, errorOf } from './errors';

/** What one route takes and answers; generated from the service's OpenAPI document. */
export interface RouteShape {
  path: object;
  query: object;
  headers: object;
  body: unknown;
  answer: unknown;
}

type RouteTable<R> = { [K in keyof R]: RouteShape };
type Part<Name extends string, Shape> = [keyof Shape] extends [never]
  ? { [K in Name]?: never }
  : object extends Shape
    ? { [K in Name]?: Shape | undefined }
    : { [K in Name]: Shape };
type BodyPart<Body> = [Body] extends [never] ? { body?: never } : { body: Body };

/** What a caller gives for a route: its parts that the route knows, required where the route requires them. */
export type RequestOf<S extends RouteShape> = Part<'path', S['path']> &
  Part<'query', S['query']> &
  Part<'headers', S['headers']> &
  BodyPart<S['body']>;

type Arguments<S extends RouteShape> =
  object extends RequestOf<S>
    ? [request?: RequestOf<S>, signal?: AbortSignal]
    : [request: RequestOf<S>, signal?: AbortSignal];

export type Call<R extends RouteTable<R>> = <K extends keyof R & string>(
  route: K,
  ...rest: Arguments<R[K]>
) => Promise<R[K]['answer']>;

interface AnyRequest {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  headers?: Record<string, unknown>;
  body?: unknown;
}

/** The header that no foreign page can send without the service's leave (`auth/page_sessions.py`). */
export const PAGE_HEADER = { 'X-Solaris-Page': '1' } as const;

/** The address of a route with its path and query filled in: also for links to downloads. */
export function addressOf(route: string, request: Pick<AnyRequest, 'path' | 'query'> = {}): string {
  const template = route.slice(route.indexOf(' ') + 1);
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(request.path?.[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value === undefined || value === null || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/**
 * Asks one route, named as in the API's documentation: `call('GET /api/tokens/current')`.
 *
 * Throws `ApiError` for every refusal and when no answer comes; an abort throws the browser's own `AbortError`.
 */
export async function callRoute(
  route: string,
  request: AnyRequest = {},
  signal?: AbortSignal,
): Promise<unknown> {
  const headers: Record<string, string> = { Accept: 'application/json', ...PAGE_HEADER };
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (value !== undefined && value !== null) headers[name] = String(value);
  }
  if (request.body !== undefined) headers['Content-Type'] = 'application/json';
  const init: RequestInit = {
    method: route.slice(0, route.indexOf(' ')),
    headers,
    credentials: 'same-origin',
  };
  if (request.body !== undefined) init.body = JSON.stringify(request.body);
  if (signal) init.signal = signal;
  const response = await answered(addressOf(route, request), init);
  if (!response.ok) throw await errorOf(response);
  if (response.status === 204) return undefined;
  return response.json();
}

async function answered(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, {});
  }
}

/** `callRoute` with the types of one service. */
export function createCall<R extends RouteTable<R>>(): Call<R> {
  return callRoute as Call<R>;
}
