/** Generated from the API by `make types`; never edited by hand. */

/** What is still to be shown. */
export interface AlertLeft {
  /** A higher threshold that was crossed meanwhile; else null */
  alert: number | null;
}

/** The alert that the user was shown. */
export interface AlertSeen {
  /** As GET /api/tokens/current told it */
  alert: number;
}

/** The monthly tokens of the subscription. */
export interface Allowance {
  granted: number;
  used: number;
  left: number;
}

/** The key to create. */
export interface ApiKeyCreate {
  name: string;
}

/** tokens_charged = ceil(factor × sum of weighted), rounded up once. */
export interface Arithmetic {
  parts: PartResponse[];
  weighted_sum: number;
  conversion_factor: number;
  before_rounding: number;
  tokens_charged: number;
  allowance_part: number;
  credits_part: number;
  overage: number;
}

/** One dependency's state. `degraded`: it works in part. `late`, `absent`: of the worker. `off`: not configured. */
export interface Check {
  status: 'ok' | 'degraded' | 'late' | 'absent' | 'down' | 'off';
  latency_ms?: number | null;
  detail?: string | null;
}

/** Tokens to charge directly: either `tokens`, as they are, or `usage`, times the model's weights. */
export interface ConsumeRequest {
  /** Your own; a repeat is not charged again */
  request_id: string;
  tokens?: number | null;
  usage?: UsageCounts | null;
  model?: string | null;
}

/** What was charged. A repeat of the request gives the same body. */
export interface Consumption {
  request_id: string;
  model: string;
  tokens_charged: number;
  /** Taken from the monthly allowance */
  allowance_part: number;
  /** Taken from credits */
  credits_part: number;
  /** Charged beyond what was left */
  overage: number;
  /** What remained right after this charge */
  tokens_remaining: number;
  charged_at: string;
}

/** A key, shown whole this one time. */
export interface CreatedKey {
  id: string;
  name: string;
  /** The key's first characters, to recognise it by. */
  prefix: string;
  created_at: string;
  /** May lag by five minutes. */
  last_used_at: string | null;
  /** The key itself. It can't be shown again. */
  key: string;
}

/** What a user types to sign in. */
export interface Credentials {
  email: string;
  password: string;
}

/** A user's balance in this period. */
export interface CurrentTokens {
  user_id: string;
  /** The subscription's plan; null without one */
  plan: string | null;
  period: PeriodTimes;
  /** What the subscription gives each month */
  monthly_tokens: number;
  /** Charged in this period, from allowance and credits */
  tokens_used: number;
  /** Allowance left + credits left − held */
  tokens_remaining: number;
  allowance: Allowance;
  credits: number;
  /** Set aside for calls that are running */
  held: number;
  /** Debt that the next grant or allowance repays first */
  overage: number;
  /** What the last call needed, where it was refused for lack of tokens; else 0 */
  refused_tokens: number;
  /** 100 × used / (used + allowance left + credits left) */
  usage_percent: number;
  /** normal, alert_80, alert_90, blocked (nothing left, or a rest that did not cover the last call) or suspended */
  state: string;
  /** The highest threshold crossed and not acknowledged yet, in percent */
  alert: number | null;
  /** At this period's pace; null where it lasts until the renewal or nothing was used */
  projected_run_out_date: string | null;
  renews_at: string;
}

/** `ok`: all checks pass. `degraded`: calls are served, a check fails. `down`: no charges possible. */
export interface Health {
  status: 'ok' | 'degraded' | 'down';
  version: string;
  checks: Record<string, Check>;
}

/** Groupings of a history: hours and days of the customer's zone, or requested models. */
export type HistoryGroup = 'hour' | 'day' | 'model';

/** Sums: hours and days newest first, models by tokens charged. */
export interface HistorySumsResponse {
  group_by: HistoryGroup;
  data: SumResponse[];
  /** True if there are more rows: raise `limit`, or narrow `from` and `to`. */
  truncated: boolean;
}

/** A key as lists show it. */
export interface Key {
  id: string;
  name: string;
  /** The key's first characters, to recognise it by. */
  prefix: string;
  created_at: string;
  /** May lag by five minutes. */
  last_used_at: string | null;
}

/** The caller's keys in force. */
export interface Keys {
  data: Key[];
}

/** A token as lists show it. */
export interface ListedWidgetToken {
  id: string;
  /** Empty where a chat server asked for it. */
  origin: string;
  created_at: string;
  expires_at: string;
}

/** The caller himself, and how he proved who he is. */
export interface Me {
  id: string;
  email: string | null;
  name: string;
  role: Role;
  /** False: suspended, may look but not spend. */
  active: boolean;
  plan_type: string | null;
  /** The plan as users call it. */
  plan_name: string | null;
  monthly_tokens: number | null;
  via: Via;
}

/** A token, shown whole this one time. */
export interface NewWidgetToken {
  id: string;
  /** Empty where a chat server asked for it. */
  origin: string;
  created_at: string;
  expires_at: string;
  /** Reads the balance of its user (`Authorization: Bearer …`) and opens nothing else. */
  token: string;
  /** Seconds until it expires. */
  expires_in: number;
}

/** A package on sale. */
export interface PackageResponse {
  id: string;
  name: string;
  tokens: number;
  amount_brl: number;
  /** A word for the card, such as 'mais popular'. */
  badge: string | null;
}

/** What can be bought, and how. */
export interface PackagesResponse {
  data: PackageResponse[];
  /** Payment ways that this installation takes now. */
  methods: ('stripe' | 'manual')[];
}

/** Who uses the page, and what the page needs to know from the start. */
export interface PageSession {
  user: PageUser;
  /** When the session ends unless it is used before. */
  expires_at: string;
  /** True after a sign-in with a temporary password: the page asks for another one before anything else. */
  must_change_password: boolean;
  /** The customer's IANA time zone: days, months and the times shown are its. */
  timezone: string;
}

/** The user signed in. */
export interface PageUser {
  id: string;
  email: string | null;
  name: string;
  role: Role;
  /** False: suspended, may look but not spend. */
  active: boolean;
}

export interface Page_ReceiptResponse {
  data: ReceiptResponse[];
  next_cursor: string | null;
}

/** One kind of token; no token is counted in two parts. */
export interface PartResponse {
  kind: 'input' | 'cached_input' | 'output' | 'reasoning';
  tokens: number;
  weight: number;
  weighted: number;
}

/** The present password and the one to come. */
export interface PasswordChange {
  current_password: string;
  /** 10 to 128 characters. */
  new_password: string;
}

/** The present period; `ends_at` is exclusive. */
export interface PeriodTimes {
  starts_at: string;
  ends_at: string;
}

/** What to buy: a package, or an amount of tokens for staff to price. */
export interface PurchaseBody {
  /** Id of a package on sale (see GET /api/credits/packages). */
  package_id?: string | null;
  /** Another amount, instead of a package. */
  tokens?: number | null;
  /** `manual`: a request that staff decide. */
  method: 'stripe' | 'manual';
  note?: string;
  urgency?: Urgency;
}

/** The request that was made, and what happens next, in a sentence for the user. */
export interface PurchaseResponse {
  ticket_number: string;
  state: RequestState;
  package_id: string | null;
  tokens: number;
  /** The package's price; null until staff price another amount. */
  amount_brl: number | null;
  note: string;
  urgency: Urgency;
  created_at: string;
  decided_at: string | null;
  decision_reason: string | null;
  method?: 'manual';
  message: string;
}

/** One request with the arithmetic of its charge. */
export interface ReceiptDetail {
  request_id: string;
  /** ISO 8601, UTC. */
  occurred_at: string;
  route: string;
  model_asked: string;
  model_answered: string | null;
  /** As counted by the provider; includes cached input. */
  input_tokens: number;
  cached_input_tokens: number;
  /** As counted by the provider; includes reasoning. */
  output_tokens: number;
  reasoning_tokens: number;
  tokens_charged: number;
  /** Paid from the month's allowance. */
  allowance_part: number;
  /** Paid from credits. */
  credits_part: number;
  /** Above the user's tokens; covered by the next grant or allowance. */
  overage: number;
  /** Remaining tokens right after this charge. */
  tokens_remaining: number;
  ending: 'complete' | 'no_usage' | 'upstream_error' | 'client_gone' | 'proxy_gone' | 'out_of_tokens';
  /** True if the provider sent no usage and it was counted from the text. */
  estimated: boolean;
  first_byte_ms: number | null;
  duration_ms: number | null;
  /** The key, session or front end of the call. */
  client: string | null;
  conversation_id: string | null;
  trace_id: string | null;
  arithmetic: Arithmetic;
}

/** One settled request. */
export interface ReceiptResponse {
  request_id: string;
  /** ISO 8601, UTC. */
  occurred_at: string;
  route: string;
  model_asked: string;
  model_answered: string | null;
  /** As counted by the provider; includes cached input. */
  input_tokens: number;
  cached_input_tokens: number;
  /** As counted by the provider; includes reasoning. */
  output_tokens: number;
  reasoning_tokens: number;
  tokens_charged: number;
  /** Paid from the month's allowance. */
  allowance_part: number;
  /** Paid from credits. */
  credits_part: number;
  /** Above the user's tokens; covered by the next grant or allowance. */
  overage: number;
  /** Remaining tokens right after this charge. */
  tokens_remaining: number;
  ending: 'complete' | 'no_usage' | 'upstream_error' | 'client_gone' | 'proxy_gone' | 'out_of_tokens';
  /** True if the provider sent no usage and it was counted from the text. */
  estimated: boolean;
  first_byte_ms: number | null;
  duration_ms: number | null;
  /** The key, session or front end of the call. */
  client: string | null;
  conversation_id: string | null;
  trace_id: string | null;
}

/** A credit request of one's own. */
export interface RequestResponse {
  ticket_number: string;
  state: RequestState;
  package_id: string | null;
  tokens: number;
  /** The package's price; null until staff price another amount. */
  amount_brl: number | null;
  note: string;
  urgency: Urgency;
  created_at: string;
  decided_at: string | null;
  decision_reason: string | null;
}

/** Where a credit request stands; only `pending` changes. */
export type RequestState = 'pending' | 'approved' | 'rejected' | 'cancelled';

/** A page of one's own requests, newest first. */
export interface RequestsResponse {
  data: RequestResponse[];
  next_cursor: string | null;
}

/** A person's role; `user` chats, the others are staff. */
export type Role = 'user' | 'support' | 'operator' | 'admin' | 'super_admin';

/** A new session. Send the token as `Authorization: Bearer …`. */
export interface Session {
  access_token: string;
  token_type?: 'bearer';
  /** Seconds until the token expires. */
  expires_in: number;
  user: SessionUser;
  /** True after a sign-in with a temporary password: all that changes something is refused (403 `password_change_required`) until it is changed. */
  must_change_password: boolean;
}

/** The user signed in. */
export interface SessionUser {
  id: string;
  email: string | null;
  name: string;
  role: Role;
}

/** The use of one hour, day or model. */
export interface SumResponse {
  /** Start of the hour (ISO 8601, UTC), day (YYYY-MM-DD), or model asked for. */
  key: string;
  requests: number;
  input_tokens: number;
  output_tokens: number;
  tokens_charged: number;
}

/** One line of one's credits. */
export interface TransactionResponse {
  id: string;
  transaction_type: 'purchase' | 'bonus' | 'adjustment' | 'refund' | 'compensation';
  /** Negative where tokens were taken back. */
  tokens_added: number;
  amount_paid: number;
  note: string;
  created_at: string;
}

/** A page of one's own credit transactions, newest first. */
export interface TransactionsResponse {
  data: TransactionResponse[];
  next_cursor: string | null;
}

/** How soon the asker needs the credits. */
export type Urgency = 'low' | 'normal' | 'high';

/** Counts as a provider tells them; cached input is a part of input, reasoning a part of output. */
export interface UsageCounts {
  input_tokens?: number;
  cached_input_tokens?: number;
  output_tokens?: number;
  reasoning_tokens?: number;
}

/** How the caller proved who he is (SPEC 6, Who is calling). */
export type Via = 'api_key' | 'jwt' | 'front_end' | 'widget';

/** Where the token is to be used. */
export interface WidgetTokenCreate {
  /** The chat page's origin, one of SOLARIS_WIDGET_ORIGINS. Only a front end's key may leave it out. */
  origin?: string | null;
}

/** The caller's tokens in force. */
export interface WidgetTokenList {
  data: ListedWidgetToken[];
}

export interface ProxyRoutes {
  /** Health of this process and the parts it needs */
  'GET /api/health': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: Health;
  };
  /** Balance now */
  'GET /api/tokens/current': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: CurrentTokens;
  };
  /** Acknowledge an alert */
  'POST /api/tokens/alerts/acknowledge': {
    path: object;
    query: object;
    headers: object;
    body: AlertSeen;
    answer: AlertLeft;
  };
  /** Charge tokens directly */
  'POST /api/tokens/consume': {
    path: object;
    query: object;
    headers: object;
    body: ConsumeRequest;
    answer: Consumption;
  };
  /** Sign in */
  'POST /api/auth/login': {
    path: object;
    query: object;
    headers: object;
    body: Credentials;
    answer: Session;
  };
  /** Sign out */
  'POST /api/auth/logout': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: undefined;
  };
  /** Renew the session */
  'POST /api/auth/refresh': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: Session;
  };
  /** Change the password */
  'POST /api/auth/password': {
    path: object;
    query: object;
    headers: object;
    body: PasswordChange;
    answer: Session;
  };
  /** Who am I */
  'GET /api/auth/me': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: Me;
  };
  /** The page's session */
  'GET /api/auth/session': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: PageSession | undefined;
  };
  /** Sign in on a page */
  'POST /api/auth/session': {
    path: object;
    query: object;
    headers: object;
    body: Credentials;
    answer: PageSession;
  };
  /** Sign out of the page */
  'DELETE /api/auth/session': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: undefined;
  };
  /** Change the password on a page */
  'POST /api/auth/session/password': {
    path: object;
    query: object;
    headers: object;
    body: PasswordChange;
    answer: PageSession;
  };
  /** End the other sessions */
  'POST /api/auth/session/end-others': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: PageSession;
  };
  /** List your API keys */
  'GET /api/keys': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: Keys;
  };
  /** Create an API key */
  'POST /api/keys': {
    path: object;
    query: object;
    headers: object;
    body: ApiKeyCreate;
    answer: CreatedKey;
  };
  /** Revoke an API key */
  'DELETE /api/keys/{key_id}': {
    path: { key_id: string };
    query: object;
    headers: object;
    body: never;
    answer: undefined;
  };
  /** Balance, live */
  'GET /api/tokens/stream': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: undefined;
  };
  /** Connect a counter */
  'POST /api/widget/token': {
    path: object;
    query: object;
    headers: object;
    body: WidgetTokenCreate;
    answer: NewWidgetToken;
  };
  /** List connected counters */
  'GET /api/widget/tokens': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: WidgetTokenList;
  };
  /** Disconnect a counter */
  'DELETE /api/widget/tokens/{token_id}': {
    path: { token_id: string };
    query: object;
    headers: object;
    body: never;
    answer: undefined;
  };
  /** Own usage */
  'GET /api/tokens/history': {
    path: object;
    query: { from?: string | null; to?: string | null; model?: string | null; group_by?: HistoryGroup | null; format?: 'json' | 'csv' | null; limit?: number; cursor?: string | null };
    headers: object;
    body: never;
    answer: Page_ReceiptResponse | HistorySumsResponse;
  };
  /** One request's receipt */
  'GET /api/tokens/history/{request_id}': {
    path: { request_id: string };
    query: object;
    headers: object;
    body: never;
    answer: ReceiptDetail;
  };
  /** Packages on sale */
  'GET /api/credits/packages': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: PackagesResponse;
  };
  /** Buy credits */
  'POST /api/credits/purchase': {
    path: object;
    query: object;
    headers: { 'idempotency-key'?: string | null };
    body: PurchaseBody;
    answer: PurchaseResponse;
  };
  /** Own credit transactions */
  'GET /api/credits/transactions': {
    path: object;
    query: { limit?: number; cursor?: string | null };
    headers: object;
    body: never;
    answer: TransactionsResponse;
  };
  /** Own credit requests */
  'GET /api/credits/requests': {
    path: object;
    query: { limit?: number; cursor?: string | null };
    headers: object;
    body: never;
    answer: RequestsResponse;
  };
  /** One credit request */
  'GET /api/credits/requests/{ticket_number}': {
    path: { ticket_number: string };
    query: object;
    headers: object;
    body: never;
    answer: RequestResponse;
  };
  /** Cancel a pending request */
  'POST /api/credits/requests/{ticket_number}/cancel': {
    path: { ticket_number: string };
    query: object;
    headers: object;
    body: never;
    answer: RequestResponse;
  };
}
