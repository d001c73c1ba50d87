import { afterEach, expect, test, vi } from 'vitest';
import { addressOf, callRoute, createCall } from './client';
import { ApiError } from './errors';
import type { paths } from './proxy.gen';

// A browser's request is made beside its page's address.
vi.hoisted(() => {
  const { Request: Absolute } = globalThis;
  vi.stubGlobal('Request', function Request(address: string, init: RequestInit) {
    return new Absolute(new URL(address, 'https://portal.test'), init);
  });
});

afterEach(() => vi.unstubAllGlobals());

function answering(response: Response): ReturnType<typeof vi.fn> {
  const fetched = vi.fn(() => Promise.resolve(response));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

test('path and query are filled in, and what is not set is left out', () => {
  expect(
    addressOf('GET /admin/users/{id}/usage', {
      path: { id: 'a/b' },
      query: { from: '2026-11-01', model: null, limit: 20, tag: ['x', 'y'] },
    }),
  ).toBe('/admin/users/a%2Fb/usage?from=2026-11-01&limit=20&tag=x&tag=y');
});

test('every request says that it comes from our page', async () => {
  const fetched = answering(Response.json({ ok: true }));
  await callRoute('POST /api/keys', { body: { name: 'x' }, header: { 'Idempotency-Key': 'k' } });
  const [request] = fetched.mock.calls[0] as [Request];
  expect(request.method).toBe('POST');
  expect(request.credentials).toBe('same-origin');
  expect(Object.fromEntries(request.headers)).toMatchObject({
    accept: 'application/json',
    'content-type': 'application/json',
    'x-solaris-page': '1',
    'idempotency-key': 'k',
  });
  expect(await request.json()).toEqual({ name: 'x' });
});

test('what a request leaves out is not sent, and an answer without content is none', async () => {
  const fetched = answering(new Response(null, { status: 204 }));
  const signal = new AbortController().signal;
  await expect(callRoute('DELETE /api/keys/{id}', { path: { id: 'a b' } }, signal)).resolves.toBeUndefined();
  const [request] = fetched.mock.calls[0] as [Request];
  expect(request.url).toBe('https://portal.test/api/keys/a%20b');
  expect(request.body).toBeNull();
  expect(request.headers.has('content-type')).toBe(false);
});

test('a filter that is not set does not reach the service', async () => {
  const fetched = answering(Response.json([]));
  await callRoute('GET /admin/users', { query: { q: '', plan: null, page: 2 } });
  const [request] = fetched.mock.calls[0] as [Request];
  expect(new URL(request.url).search).toBe('?page=2');
});

test("an error is the service's own sentence, code and trace id", async () => {
  const body = {
    error: { message: 'Muitas tentativas.', type: 't', code: 'account_locked', param: null, trace_id: 'abc' },
  };
  answering(Response.json(body, { status: 429, headers: { 'Retry-After': '900' } }));
  const error = await callRoute('GET /api/tokens/current').catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 429,
    code: 'account_locked',
    message: 'Muitas tentativas.',
    traceId: 'abc',
    retryAfterSeconds: 900,
    mayPass: false,
  });
});

test("a foreign answer, such as a reverse proxy's page, keeps its status", async () => {
  answering(new Response('<h1>Bad gateway</h1>', { status: 502 }));
  await expect(callRoute('GET /x')).rejects.toMatchObject({ status: 502, mayPass: true });
});

test('no answer is an error of its own, and an abort stays an abort', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
  await expect(callRoute('GET /x')).rejects.toMatchObject({ status: 0, code: 'unreachable' });
  vi.stubGlobal('fetch', () => Promise.reject(new DOMException('gone', 'AbortError')));
  await expect(callRoute('GET /x')).rejects.toMatchObject({ name: 'AbortError' });
});

test("a route's name and parts are checked against the service's document", async () => {
  const call = createCall<paths>();
  const unchecked = vi.fn(() => Promise.resolve(Response.json({})));
  vi.stubGlobal('fetch', unchecked);
  // @ts-expect-error -- there is no such route
  await call('GET /api/nothing');
  // @ts-expect-error -- which key?
  await call('DELETE /api/keys/{key_id}');
  // @ts-expect-error -- a name is a text
  await call('POST /api/keys', { body: { name: 1 } });
  // @ts-expect-error -- the idempotency key is missing
  await call('POST /api/credits/purchase', { body: { package_id: 'start' } });
  const me = await call('GET /api/auth/me');
  // @ts-expect-error -- nothing of that name is answered
  expect(me.nothing).toBeUndefined();
  expect(unchecked).toHaveBeenCalledTimes(5);
});
