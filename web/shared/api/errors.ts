/** What can go wrong when the pages ask the service, in the service's own shape. */

export interface ErrorDetail {
  message: string;
  type: string;
  code: string;
  param: string | null;
  trace_id: string | null;
}

/** The service refused or failed. `message` is a sentence for the reader; `status` 0 means that no answer came. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly param: string | null;
  readonly traceId: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(status: number, detail: Partial<ErrorDetail>, retryAfterSeconds: number | null = null) {
    super(detail.message ?? '');
    this.name = 'ApiError';
    this.status = status;
    this.code = detail.code ?? (status === 0 ? 'unreachable' : 'unknown');
    this.param = detail.param ?? null;
    this.traceId = detail.trace_id ?? null;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whether asking again later may help. */
  get mayPass(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

/** The error an answer carries; an answer of another shape (a proxy's own page) keeps its status and trace id. */
export async function errorOf(response: Response): Promise<ApiError> {
  const traceId = response.headers.get('X-Trace-Id');
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const retryAfterSeconds = Number.isFinite(seconds) ? seconds : null;
  try {
    const body: unknown = await response.json();
    if (isErrorBody(body)) return new ApiError(response.status, body.error, retryAfterSeconds);
  } catch {
    // No JSON: the status says enough.
  }
  return new ApiError(response.status, { trace_id: traceId }, retryAfterSeconds);
}

function isErrorBody(body: unknown): body is { error: ErrorDetail } {
  return (
    typeof body === 'object' &&
    body !== null &&
    'error' in body &&
    typeof body.error === 'object' &&
    body.error !== null &&
    'message' in body.error &&
    typeof body.error.message === 'string'
  );
}
