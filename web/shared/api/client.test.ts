import { afterEach, expect, test, vi } from 'vitest';
import { addressOf, callRoute } from './client';
import { ApiError } from './errors';

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
  await callRoute('POST /api/keys', { body: { name: 'x' }, headers: { 'Idempotency-Key': 'k' } });
  const [, init] = fetched.mock.calls[0] as [string, RequestInit];
  expect(init.method).toBe('POST');
  expect(init.headers).toMatchObject({ 'X-Solaris-Page': '1', 'Idempotency-Key': 'k' });
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
