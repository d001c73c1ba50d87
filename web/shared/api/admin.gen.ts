/** Generated from the API by `make types`; never edited by hand. */

/** An account after a change. GET /admin/users/{id} also returns the balance. */
export interface AccountResponse {
  id: string;
  email: string | null;
  contact_email: string | null;
  email_verified: boolean;
  name: string;
  role: Role;
  active: boolean;
  suspension_reason: string | null;
  anonymised_at: string | null;
  plan_type: string | null;
  monthly_tokens: number | null;
  created_at: string;
  updated_at: string;
}

/** Accounts, highest role first. */
export interface AccountsResponse {
  data: AccountResponse[];
}

/** A threshold that the user crossed and was told of. */
export interface AlertResponse {
  id: string;
  period_start: string;
  threshold_percent: number;
  usage_percent: number;
  created_at: string;
  acknowledged_at: string | null;
}

/** A page of alerts, newest first. */
export interface AlertsResponse {
  data: AlertResponse[];
  next_cursor: string | null;
}

/** The append-only record of a change of the current period. */
export interface AllowanceChangeResponse {
  id: string;
  period_start: string;
  /** Added to the period's allowance; negative: removed. */
  tokens_added: number;
  /** A reset's compensation for tokens that were paid from credits. */
  credits_given_back: number;
  /** The credit transaction of the compensation. */
  transaction_id: string | null;
  created_at: string;
}

/** An API key as a person recognises it. */
export interface ApiKeyResponse {
  id: string;
  name: string;
  prefix: string;
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

/** The approval; absent values are the request's. */
export interface ApprovalBody {
  /** In BRL; 0 makes it a bonus. Required if the request has no price. */
  amount_paid?: number | null;
  /** Tokens to grant instead of the requested ones. */
  tokens?: number | null;
  /** A message to the user. */
  reason?: string;
}

/** The rules to set; absent fields keep their values. */
export interface ApprovalRulesBody {
  /** The value last read; 409 `changed_meanwhile` if it changed since. */
  updated_at: string;
  /** Tokens that one person may grant to one user within 24 hours; 0: any amount. */
  second_person_above_tokens?: number | null;
  /** Whether a sale below the package's price needs a second person. */
  second_person_below_price?: boolean | null;
}

/** Which grants need a second person. */
export interface ApprovalRulesResponse {
  /** Tokens that one person may grant to one user within 24 hours; 0: any amount. */
  second_person_above_tokens: number;
  /** Whether a sale below the package's price needs a second person. */
  second_person_below_price: boolean;
  updated_at: string;
  updated_by: string | null;
  updated_by_name: string | null;
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

/** One change. `before` and `after` hold the fields that differ, never a secret. */
export interface AuditEntryResponse {
  id: string;
  created_at: string;
  /** Null: the system or the command line. */
  actor_id: string | null;
  actor_name: string | null;
  actor_email: string | null;
  /** The actor's role at that time; `system` without an actor. */
  actor_role: string;
  action: string;
  entity: string;
  entity_id: string;
  /** For a user: their name or address. */
  entity_label: string | null;
  before: Record<string, JsonValue> | null;
  after: Record<string, JsonValue> | null;
  trace_id: string | null;
}

/** A page of the audit log, newest first. */
export interface AuditLogResponse {
  data: AuditEntryResponse[];
  next_cursor: string | null;
}

/** How a front end receives the refusal of a blocked request. */
export type BlockStyle = 'error' | 'assistant_message';

/** Weights and counts to calculate an example charge with. */
export interface CalculationBody {
  weights?: WeightsBody_Input;
  counts?: CountsBody;
}

/** tokens_charged = ceil(conversion_factor × weighted_sum). */
export interface CalculationResponse {
  counts: CountsBody;
  weighted_sum: number;
  conversion_factor: number;
  before_rounding: number;
  tokens_charged: number;
}

/** Why a grant needs a second person. */
export type Cause = 'above_amount' | 'below_price';

/** One part's state. `degraded`: it works with something missing. `late`, `absent`: the worker's. `off`: not configured. */
export interface Check {
  status: 'ok' | 'degraded' | 'late' | 'absent' | 'down' | 'off';
  latency_ms?: number | null;
  detail?: string | null;
}

/** Token counts of one request: `cached_input` is part of `input`, `reasoning` of `output`. */
export interface CountsBody {
  input?: number;
  cached_input?: number;
  output?: number;
  reasoning?: number;
}

/** How much there is of what. */
export interface CountsResponse {
  requests_this_period: number;
  days_with_use: number;
  open_holds: number;
  credit_transactions: number;
  pending_credit_requests: number;
}

/** The new account; no later answer contains the password. */
export interface CreatedAccountResponse {
  id: string;
  email: string | null;
  contact_email: string | null;
  email_verified: boolean;
  name: string;
  role: Role;
  active: boolean;
  suspension_reason: string | null;
  anonymised_at: string | null;
  plan_type: string | null;
  monthly_tokens: number | null;
  created_at: string;
  updated_at: string;
  temporary_password: string | null;
}

/** A front end with its key and settings; no later response contains the key. */
export interface CreatedFrontEndResponse {
  id: string;
  name: string;
  prefix: string;
  kind: FrontEndKind;
  headers: HeadersBody;
  link_by_email: boolean;
  strict: boolean;
  has_signing_secret: boolean;
  block_style: BlockStyle;
  plan_type: string | null;
  new_accounts_per_day: number | null;
  /** The limit in force: its own or SOLARIS_NEW_ACCOUNTS_PER_DAY. */
  new_accounts_limit: number;
  /** Accounts created today. */
  new_accounts_today: number;
  /** When a new user was last refused today; null if none was, or the limit has room again. */
  new_accounts_refused_at: string | null;
  /** Users of this front end. */
  users: number;
  created_at: string;
  updated_at: string;
  revoked_at: string | null;
  /** For librechat.yaml or Open WebUI's environment, with a placeholder for the key. */
  settings: string;
  key: string;
}

/** E-mail address and password. */
export interface Credentials {
  email: string;
  password: string;
}

/** The dashboard at `generated_at`. Money is BRL. */
export interface DashboardResponse {
  total_users: number;
  active_users_today: number;
  new_users_today: number;
  tokens_consumed_today: number;
  tokens_remaining_total: number;
  average_tokens_per_user: number;
  revenue_today: number;
  revenue_month: number;
  credits_purchased_today: number;
  /** Milliseconds. */
  proxy_response_time: number;
  /** Milliseconds. */
  litellm_response_time: number;
  error_rate: number;
  previous: PreviousResponse;
  services: Record<string, JsonValue>;
  top_consumers: TopConsumerResponse[];
  generated_at: string;
  timezone: string;
}

/** One of the customer's days. */
export interface DayResponse {
  usage_date: string;
  tokens_used: number;
  /** After the day's last charge; null on a day without any. */
  tokens_remaining: number | null;
}

/** Every day of the range, in order. */
export interface DaysResponse {
  timezone: string;
  data: DayResponse[];
}

/** Whether a plan or limit applies to the current period, or from the next one on. */
export type Effective = 'now' | 'next_period';

/** The sums of one day or month. */
export interface FinanceBucketResponse {
  /** Paid for purchases, refunds taken off; amounts beside gifts don't count. */
  revenue_brl: number;
  refunds_brl: number;
  purchases: number;
  /** Users who purchased. */
  buyers: number;
  /** What a purchase brought in the mean; null without any. */
  average_ticket_brl: number | null;
  tokens_sold: number;
  /** Bonus, compensation, positive adjustments. */
  tokens_given: number;
  /** Refunds and negative adjustments. */
  tokens_taken_back: number;
  /** Tokens charged that credits paid. */
  credits_spent: number;
  /** The bucket's first day inside the range. */
  first_day: string;
}

/** The report; `previous` is as many days right before the range. */
export interface FinanceResponse {
  from: string;
  to: string;
  group_by: FinanceUnit;
  timezone: string;
  totals: FinanceSumsResponse;
  previous: FinanceSumsResponse;
  data: FinanceBucketResponse[];
  by_type: TypeResponse[];
  by_package: PackageResponse[];
  open_requests: OpenRequestsResponse;
}

/** Sums. Money is BRL. */
export interface FinanceSumsResponse {
  /** Paid for purchases, refunds taken off; amounts beside gifts don't count. */
  revenue_brl: number;
  refunds_brl: number;
  purchases: number;
  /** Users who purchased. */
  buyers: number;
  /** What a purchase brought in the mean; null without any. */
  average_ticket_brl: number | null;
  tokens_sold: number;
  /** Bonus, compensation, positive adjustments. */
  tokens_given: number;
  /** Refunds and negative adjustments. */
  tokens_taken_back: number;
  /** Tokens charged that credits paid. */
  credits_spent: number;
}

/** How long a bucket is. */
export type FinanceUnit = 'day' | 'month';

/** The front end to create. */
export interface FrontEndCreate {
  name: string;
  kind?: FrontEndKind;
  /** Default: the names that this kind of chat server uses. */
  headers?: HeadersBody | null;
  /** The chat server verifies addresses: link users to existing accounts. */
  link_by_email?: boolean;
  /** Open WebUI: accept only its signed identity. */
  strict?: boolean;
  /** Open WebUI's FORWARD_USER_INFO_HEADER_JWT_SECRET; generated with `strict` if absent. */
  signing_secret?: string | null;
  block_style?: BlockStyle;
  /** Plan of its new users; null: the default plan. */
  plan_type?: string | null;
  /** New accounts per day; null: SOLARIS_NEW_ACCOUNTS_PER_DAY. 0: none. */
  new_accounts_per_day?: number | null;
}

/** The kind of chat server, which determines the encoding of header values. */
export type FrontEndKind = 'librechat' | 'open_webui';

/** A front end with its key's first characters and without its secret. */
export interface FrontEndResponse {
  id: string;
  name: string;
  prefix: string;
  kind: FrontEndKind;
  headers: HeadersBody;
  link_by_email: boolean;
  strict: boolean;
  has_signing_secret: boolean;
  block_style: BlockStyle;
  plan_type: string | null;
  new_accounts_per_day: number | null;
  /** The limit in force: its own or SOLARIS_NEW_ACCOUNTS_PER_DAY. */
  new_accounts_limit: number;
  /** Accounts created today. */
  new_accounts_today: number;
  /** When a new user was last refused today; null if none was, or the limit has room again. */
  new_accounts_refused_at: string | null;
  /** Users of this front end. */
  users: number;
  created_at: string;
  updated_at: string;
  revoked_at: string | null;
  /** For librechat.yaml or Open WebUI's environment, with a placeholder for the key. */
  settings: string;
}

/** The fields to change; absent fields keep their values. */
export interface FrontEndUpdate {
  /** The value last read; 409 if it changed since. */
  updated_at: string;
  name?: string | null;
  headers?: HeadersBody | null;
  link_by_email?: boolean | null;
  strict?: boolean | null;
  /** A new secret; null or empty removes it. */
  signing_secret?: string | null;
  block_style?: BlockStyle | null;
  /** Null: the default plan. */
  plan_type?: string | null;
  /** Null: SOLARIS_NEW_ACCOUNTS_PER_DAY. 0: none. */
  new_accounts_per_day?: number | null;
}

/** All front ends, also revoked ones, newest first. */
export interface FrontEndsResponse {
  data: FrontEndResponse[];
}

/** Credits to add to one user. */
export interface GrantBody {
  tokens: number;
  /** Amount paid in BRL; more than zero for `compra_email`. */
  amount_paid?: number;
  reason: GrantReason;
  note?: string;
}

/** Why staff add credits; the values are the customer's terms. */
export type GrantReason = 'compra_email' | 'promocional' | 'ajuste_manual';

/** The added credits, and the balance right after the grant. */
export interface GrantResponse {
  transaction_id: string;
  user_id: string;
  transaction_type: 'purchase' | 'bonus' | 'adjustment';
  reason: GrantReason;
  tokens_added: number;
  amount_paid: number;
  note: string;
  created_at: string;
  /** Credits left after the grant. */
  credits: number;
  /** Allowance left + credits left − holds, after the grant. */
  tokens_remaining: number;
  usage_percent: number;
}

/** Names of the headers in which the chat server sends its user. */
export interface HeadersBody {
  id: string;
  email: string;
  name: string;
}

/** `ok`: everything answers. `degraded`: calls are served with something missing. `down`: nothing can be charged. */
export interface Health {
  status: 'ok' | 'degraded' | 'down';
  version: string;
  checks: Record<string, Check>;
}

/** One hour of one weekday. */
export interface HeatCellResponse {
  /** 1 is Monday, 7 is Sunday. */
  weekday: number;
  /** 0–23, of `timezone`. */
  hour: number;
  requests: number;
  tokens_charged: number;
  /** How often that weekday occurs in the range: divide by it for a mean. */
  days: number;
}

/** All 168 cells from Monday, 0 h, to Sunday, 23 h. */
export interface HeatMapResponse {
  from: string;
  to: string;
  timezone: string;
  data: HeatCellResponse[];
}

/** What a history can be summed by; hours and days are the customer's, models those asked for. */
export type HistoryGroup = 'hour' | 'day' | 'model';

/** Sums: hours and days newest first, models by tokens charged. */
export interface HistorySumsResponse {
  group_by: HistoryGroup;
  data: SumResponse[];
  /** True where there are more rows: raise `limit`, or narrow `from` and `to`. */
  truncated: boolean;
}

/** The name under which a front end knows the user. */
export interface IdentityResponse {
  front_end: string;
  kind: 'librechat' | 'open_webui';
  external_id: string;
  created_at: string;
}

export type JsonValue = unknown;

/** An individual monthly limit, instead of the plan's. */
export interface LimitBody {
  monthly_tokens: number;
  reason: string;
  effective?: Effective;
}

/** The change. `change` and `wallet` are null if the current period does not change. */
export interface LimitChangeResponse {
  user: AccountResponse;
  kind: 'plan' | 'limit' | 'reset';
  change: AllowanceChangeResponse | null;
  wallet: WalletAfterResponse | null;
}

/** The caller, and how they are authenticated. */
export interface Me {
  id: string;
  email: string | null;
  name: string;
  role: Role;
  /** False: suspended, may read but not spend. */
  active: boolean;
  plan_type: string | null;
  /** The plan's display name. */
  plan_name: string | null;
  monthly_tokens: number | null;
  via: Via;
}

/** The weights and limits to set. */
export interface ModelBody {
  weights: WeightsBody_Input;
  /** Output tokens to hold for a request without a limit. */
  output_limit_tokens: number;
  tokenizer?: 'o200k_base' | 'cl100k_base';
  active?: boolean;
  /** The value last read, null if it was null; 409 if it changed since. */
  updated_at: string | null;
}

/** A model, a pattern such as `openai/*`, or an alias, with an example charge. */
export interface ModelResponse {
  name: string;
  weights: WeightsBody_Output;
  output_limit_tokens: number;
  tokenizer: string;
  /** The provider's prompt counts divided by the tokenizer's. */
  prompt_factor: number;
  active: boolean;
  /** Null: the model has no weights of its own. */
  updated_at: string | null;
  /** The models behind this alias in LiteLLM; empty if it is not an alias. */
  alias_of: string[];
  /** Without weights of its own: the models and patterns whose weights apply, the highest of each kind; empty if the weight is 1. */
  weights_from: string[];
  example: CalculationResponse;
}

/** All models by name, and the factor for all of them (TOKEN_CONVERSION_FACTOR). */
export interface ModelsResponse {
  data: ModelResponse[];
  conversion_factor: number;
}

/** A package. Money is BRL. */
export interface OfferedPackageResponse {
  id: string;
  name: string;
  tokens: number;
  amount_brl: number;
  badge: string | null;
  sort_order: number;
  active: boolean;
  updated_at: string;
}

/** All packages in display order. */
export interface OfferedPackagesResponse {
  data: OfferedPackageResponse[];
}

/** The credit requests that nobody has decided yet. */
export interface OpenRequestsResponse {
  requests: number;
  tokens: number;
  amount_brl: number;
  oldest_created_at: string | null;
}

/** The reason, for the audit log; optional. */
export interface OptionalReasonBody {
  reason?: string | null;
}

/** The package to create. */
export interface PackageCreate {
  id: string;
  name: string;
  tokens: number;
  amount_brl: number;
  badge?: string | null;
  sort_order?: number;
  active?: boolean;
}

/** The fields of a package to change; absent fields keep their values. */
export interface PackageEdit {
  /** The value last read; 409 `changed_meanwhile` if it changed since. */
  updated_at: string;
  name?: string | null;
  tokens?: number | null;
  amount_brl?: number | null;
  /** Null removes it. */
  badge?: string | null;
  sort_order?: number | null;
  active?: boolean | null;
}

/** The purchases of one package; of no package where `package_id` is null. */
export interface PackageResponse {
  package_id: string | null;
  name: string | null;
  purchases: number;
  tokens: number;
  revenue_brl: number;
}

/** The signed-in user, and settings that the page needs on start. */
export interface PageSession {
  user: PageUser;
  /** End of the session; using it extends it. */
  expires_at: string;
  /** True after a sign-in with a temporary password: the page asks for a new password first. */
  must_change_password: boolean;
  /** The customer's IANA time zone, used for days, months and displayed times. */
  timezone: string;
}

/** The signed-in user. */
export interface PageUser {
  id: string;
  email: string | null;
  name: string;
  role: Role;
  /** False: suspended, may read but not spend. */
  active: boolean;
}

/** One kind of token; counted nowhere else. */
export interface PartResponse {
  kind: 'input' | 'cached_input' | 'output' | 'reasoning';
  tokens: number;
  weight: number;
  weighted: number;
}

/** The current and the new password. */
export interface PasswordChange {
  current_password: string;
  /** 10 to 128 characters. */
  new_password: string;
}

/** The reason of an approval or rejection, for the audit log. */
export interface PendingDecisionBody {
  reason: string;
}

/** A grant that needs a second person. In the state `pending` nothing is granted yet. */
export interface PendingGrantResponse {
  id: string;
  state: PendingState;
  user_id: string;
  user_name: string;
  user_email: string | null;
  tokens: number;
  amount_paid: number;
  /** Null for the approval of a credit request. */
  reason: GrantReason | null;
  /** The credit request to approve, if any. */
  ticket_number: string | null;
  /** The note; for a credit request the message to the user. */
  note: string;
  /** Why a second person is needed. */
  causes: Cause[];
  /** The causes and the next step, in Portuguese. */
  explanation: string;
  asked_by: string;
  asked_by_name: string | null;
  asked_at: string;
  expires_at: string;
  decided_by: string | null;
  decided_by_name: string | null;
  decided_at: string | null;
  decision_reason: string | null;
  /** The credit transaction, once approved. */
  transaction_id: string | null;
}

/** A page of grants that need a second person, decided ones included, newest first. */
export interface PendingGrantsResponse {
  data: PendingGrantResponse[];
  next_cursor: string | null;
}

/** The state of a grant that needs a second person; only `pending` can change. */
export type PendingState = 'pending' | 'approved' | 'rejected' | 'cancelled' | 'expired';

/** The plan to set. */
export interface PlanBody {
  plan_type: string;
  /** `now`: also changes the current allowance; `next_period`: from the renewal on. */
  effective?: Effective;
}

/** The plan to create. Null rates are unlimited. */
export interface PlanCreate {
  plan_type: string;
  name: string;
  monthly_tokens: number;
  price_brl?: number;
  requests_per_minute?: number | null;
  tokens_per_minute?: number | null;
  /** Model calls that a user of the plan may have in progress at the same time. */
  concurrent_calls?: number;
  sort_order?: number;
  active?: boolean;
}

/** A plan. Money is BRL. */
export interface PlanResponse {
  plan_type: string;
  name: string;
  monthly_tokens: number;
  price_brl: number;
  requests_per_minute: number | null;
  tokens_per_minute: number | null;
  concurrent_calls: number;
  sort_order: number;
  active: boolean;
  updated_at: string;
  subscribers: number;
}

/** The fields of a plan to change; absent fields keep their values. */
export interface PlanUpdate {
  /** The value last read; 409 `changed_meanwhile` if it changed since. */
  updated_at: string;
  name?: string | null;
  monthly_tokens?: number | null;
  price_brl?: number | null;
  requests_per_minute?: number | null;
  tokens_per_minute?: number | null;
  concurrent_calls?: number | null;
  sort_order?: number | null;
  active?: boolean | null;
}

/** All plans in display order. */
export interface PlansResponse {
  data: PlanResponse[];
}

/** What the dashboard's figures compare with. */
export interface PreviousResponse {
  until: string;
  month_until: string;
  total_users: number;
  active_users_today: number;
  new_users_today: number;
  tokens_consumed_today: number;
  tokens_remaining_total?: number | null;
  average_tokens_per_user: number;
  revenue_today: number;
  revenue_month: number;
  credits_purchased_today: number;
  /** Milliseconds. */
  proxy_response_time: number;
  /** Milliseconds. */
  litellm_response_time: number;
  error_rate: number;
}

/** The reason, for the audit log. */
export interface ReasonBody {
  reason: string;
}

/** The rejection; the user sees the reason. */
export interface RejectionBody {
  reason: string;
}

/** The state of a credit request; only `pending` can change. */
export type RequestState = 'pending' | 'approved' | 'rejected' | 'cancelled';

/** The reason of the reset, for the audit log. */
export interface ResetBody {
  reason: string;
}

/** A user's role: `user` only chats, all others are staff. */
export type Role = 'user' | 'support' | 'operator' | 'admin' | 'super_admin';

/** The role to set. */
export interface RoleBody {
  role: Role;
}

/** A new session. Send the token as `Authorization: Bearer …`. */
export interface Session {
  access_token: string;
  token_type?: 'bearer';
  /** Seconds until the token expires. */
  expires_in: number;
  user: SessionUser;
  /** True after a sign-in with a temporary password: until it is changed, requests that change something are refused (403 `password_change_required`). */
  must_change_password: boolean;
}

/** The signed-in user. */
export interface SessionUser {
  id: string;
  email: string | null;
  name: string;
  role: Role;
}

/** What a bucket is split by. */
export type Split = 'user' | 'model' | 'plan' | 'front_end';

/** A page of receipts with costs, newest first. */
export interface StaffHistoryResponse {
  data: StaffReceiptResponse[];
  next_cursor: string | null;
}

/** One request with its cost, and how its price came about. */
export interface StaffReceiptDetail {
  request_id: string;
  /** ISO 8601, UTC. */
  occurred_at: string;
  route: string;
  model_asked: string;
  model_answered: string | null;
  /** As the provider counted; cached input is a part of it. */
  input_tokens: number;
  cached_input_tokens: number;
  /** As the provider counted; reasoning is a part of it. */
  output_tokens: number;
  reasoning_tokens: number;
  tokens_charged: number;
  /** Paid from the month's allowance. */
  allowance_part: number;
  /** Paid from credits. */
  credits_part: number;
  /** Beyond what the user had; repaid by the next grant or allowance. */
  overage: number;
  /** Remaining right after this charge. */
  tokens_remaining: number;
  ending: 'complete' | 'no_usage' | 'upstream_error' | 'client_gone' | 'proxy_gone' | 'out_of_tokens';
  /** True where the provider told no usage and it was counted from the text. */
  estimated: boolean;
  first_byte_ms: number | null;
  duration_ms: number | null;
  /** The key, session or front end that called. */
  client: string | null;
  conversation_id: string | null;
  trace_id: string | null;
  /** LiteLLM's cost in USD, where it sent one. */
  cost_usd: number | null;
  arithmetic: Arithmetic;
}

/** The same with the provider's price, which users are not told. */
export interface StaffReceiptResponse {
  request_id: string;
  /** ISO 8601, UTC. */
  occurred_at: string;
  route: string;
  model_asked: string;
  model_answered: string | null;
  /** As the provider counted; cached input is a part of it. */
  input_tokens: number;
  cached_input_tokens: number;
  /** As the provider counted; reasoning is a part of it. */
  output_tokens: number;
  reasoning_tokens: number;
  tokens_charged: number;
  /** Paid from the month's allowance. */
  allowance_part: number;
  /** Paid from credits. */
  credits_part: number;
  /** Beyond what the user had; repaid by the next grant or allowance. */
  overage: number;
  /** Remaining right after this charge. */
  tokens_remaining: number;
  ending: 'complete' | 'no_usage' | 'upstream_error' | 'client_gone' | 'proxy_gone' | 'out_of_tokens';
  /** True where the provider told no usage and it was counted from the text. */
  estimated: boolean;
  first_byte_ms: number | null;
  duration_ms: number | null;
  /** The key, session or front end that called. */
  client: string | null;
  conversation_id: string | null;
  trace_id: string | null;
  /** LiteLLM's cost in USD, where it sent one. */
  cost_usd: number | null;
}

/** A credit request with its user. `amount_brl` is null for support. */
export interface StaffRequestResponse {
  ticket_number: string;
  state: RequestState;
  package_id: string | null;
  tokens: number;
  /** The package's price; without a package null until staff set it. */
  amount_brl: number | null;
  note: string;
  urgency: Urgency;
  created_at: string;
  decided_at: string | null;
  decision_reason: string | null;
  id: string;
  user_id: string;
  user_name: string;
  user_email: string | null;
  decided_by: string | null;
  decided_by_name: string | null;
  transaction_id: string | null;
  /** The pending grant, while an approval waits for a second person. */
  pending_grant_id: string | null;
  /** The first approver, while the approval waits for a second person. */
  asked_by: string | null;
  asked_by_name: string | null;
}

/** A page of requests, newest first. */
export interface StaffRequestsResponse {
  data: StaffRequestResponse[];
  next_cursor: string | null;
  /** All requests by state, regardless of the filters. */
  totals_by_state: Record<string, number>;
}

/** One credit transaction. */
export interface StaffTransactionResponse {
  id: string;
  user_id: string;
  user_name: string;
  user_email: string | null;
  transaction_type: 'purchase' | 'bonus' | 'adjustment' | 'refund' | 'compensation';
  /** Negative if tokens were removed. */
  tokens_added: number;
  amount_paid: number;
  note: string;
  created_at: string;
  /** Null: the system or the command line. */
  actor_id: string | null;
  actor_name: string | null;
  /** The credit request that was approved, if any. */
  ticket_number: string | null;
  /** The package of that request. */
  package_id: string | null;
}

/** A page of transactions, newest first. */
export interface StaffTransactionsResponse {
  data: StaffTransactionResponse[];
  next_cursor: string | null;
}

/** The rows in the order of time, in each bucket the most charged first. */
export interface StatsResponse {
  group_by: Unit;
  split_by: Split | null;
  from: string;
  to: string;
  timezone: string;
  data: StatsRowResponse[];
  totals: SumsResponse;
}

/** One bucket; with a split, one key in it. */
export interface StatsRowResponse {
  requests: number;
  input_tokens: number;
  output_tokens: number;
  tokens_charged: number;
  cost_usd: number;
  revenue_brl: number | null;
  error_rate: number | null;
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
  /** The bucket's first instant. */
  bucket_start: string;
  /** The same in local time: a date, or by hour a date and time with offset. */
  bucket: string;
  key: string | null;
  label: string | null;
}

/** The active subscription. */
export interface SubscriptionResponse {
  id: string;
  plan: string;
  plan_name: string;
  monthly_tokens: number;
  start_date: string;
  end_date: string | null;
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

/** Sums. Money is USD and BRL, durations are milliseconds. */
export interface SumsResponse {
  requests: number;
  input_tokens: number;
  output_tokens: number;
  tokens_charged: number;
  cost_usd: number;
  revenue_brl: number | null;
  error_rate: number | null;
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
}

/** A new temporary password; no later answer contains it. */
export interface TemporaryPasswordResponse {
  temporary_password: string;
}

/** One of today's most charged users; `tokens_remaining` is what was left after the last charge. */
export interface TopConsumerResponse {
  user_id: string;
  name: string;
  email: string | null;
  plan_type: string | null;
  tokens_consumed_today: number;
  tokens_remaining: number;
}

/** One type of transaction. */
export interface TypeResponse {
  transaction_type: 'purchase' | 'bonus' | 'adjustment' | 'refund' | 'compensation';
  transactions: number;
  tokens_added: number;
  amount_paid: number;
}

/** How long a bucket is. */
export type Unit = 'hour' | 'day' | 'week' | 'month';

/** How soon the user needs the credits. */
export type Urgency = 'low' | 'normal' | 'high';

/** The user to create. */
export interface UserCreate {
  email: string;
  name?: string;
  /** Only a super_admin may set a role above `user`. */
  role?: Role;
  /** Default: the plan of new users. */
  plan_type?: string | null;
  /** Generate a temporary password and return it. */
  with_password?: boolean;
}

/** Everything about one user; no secrets. */
export interface UserDetailResponse {
  id: string;
  email: string | null;
  contact_email: string | null;
  name: string;
  role: Role;
  plan: string | null;
  state: UserState;
  usage_percent: number;
  tokens_used: number;
  tokens_remaining: number;
  credits: number;
  held: number;
  monthly_tokens: number;
  created_at: string;
  last_used_at: string | null;
  active: boolean;
  email_verified: boolean;
  /** Whether he can sign in with a password. */
  has_password: boolean;
  suspension_reason: string | null;
  anonymised_at: string | null;
  /** Goes back with an edit (PATCH /admin/users/{id}). */
  updated_at: string;
  alert_thresholds_percent: number[];
  /** When the next allowance opens. */
  renews_at: string;
  /** The day on which nothing is left at this period's pace; null where that is not before the renewal. */
  projected_run_out_date: string | null;
  subscription: SubscriptionResponse | null;
  wallet: WalletResponse;
  counts: CountsResponse;
  identities: IdentityResponse[];
  api_keys: ApiKeyResponse[];
}

/** One user with his balance in the present period. */
export interface UserResponse {
  id: string;
  email: string | null;
  contact_email: string | null;
  name: string;
  role: Role;
  plan: string | null;
  state: UserState;
  usage_percent: number;
  tokens_used: number;
  tokens_remaining: number;
  credits: number;
  held: number;
  monthly_tokens: number;
  created_at: string;
  last_used_at: string | null;
}

/** What a list of users can be sorted by; equals stand in the order of their ids. */
export type UserSort = 'name' | 'email' | 'created_at' | 'usage_percent' | 'tokens_used' | 'tokens_remaining';

/** Derived from the wallet and `users.active`; never stored. */
export type UserState = 'normal' | 'alert_80' | 'alert_90' | 'blocked' | 'suspended';

/** The fields to change; absent fields keep their values. */
export interface UserUpdate {
  /** The value last read; 409 if it changed since. */
  updated_at: string;
  name?: string | null;
  /** Empty: remove it. */
  contact_email?: string | null;
  /** Percentages of use to notify at, each 1–100; empty: never. */
  alert_thresholds_percent?: number[] | null;
}

/** A page of users. */
export interface UsersResponse {
  data: UserResponse[];
  page: number;
  page_size: number;
  /** Users that match all filters. */
  total: number;
  /** Users that match all filters but `state`, in each state; every state is named. */
  totals_by_state: Record<string, number>;
}

/** How the caller is authenticated (SPEC 6, Who is calling). */
export type Via = 'api_key' | 'jwt' | 'front_end' | 'widget';

/** The wallet right after the change. All figures except the percentage are tokens. */
export interface WalletAfterResponse {
  period_start: string;
  allowance: number;
  allowance_used: number;
  allowance_left: number;
  credits: number;
  held: number;
  used: number;
  overage: number;
  remaining: number;
  usage_percent: number;
  state: UserState;
}

/** The wallet in the present period, as renewed where nothing has touched it yet. All figures are tokens. */
export interface WalletResponse {
  period_start: string;
  allowance: number;
  allowance_used: number;
  allowance_left: number;
  credits: number;
  held: number;
  used: number;
  overage: number;
  /** What the last call needed, where it was refused for lack of tokens; else 0 */
  refused_tokens: number;
}

/** Tokens charged per token of each kind. */
export interface WeightsBody_Input {
  input?: number;
  cached_input?: number;
  output?: number;
  reasoning?: number;
}

/** Tokens charged per token of each kind. */
export interface WeightsBody_Output {
  input?: number;
  cached_input?: number;
  output?: number;
  reasoning?: number;
}

export interface AdminRoutes {
  /** Health of this process and the parts it needs */
  'GET /api/health': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: Health;
  };
  /** Consumption, live */
  'GET /admin/stream': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: undefined;
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
  /** Figures of today */
  'GET /admin/dashboard': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: DashboardResponse;
  };
  /** Usage by time and user, model, plan or front end */
  'GET /admin/usage/stats': {
    path: object;
    query: { group_by?: Unit; split_by?: Split | null; from?: string | null; to?: string | null; user_id?: string | null; model?: string | null; top?: number; format?: 'json' | 'csv' | null };
    headers: object;
    body: never;
    answer: StatsResponse;
  };
  /** Users */
  'GET /admin/users': {
    path: object;
    query: { q?: string | null; state?: UserState | null; plan?: string | null; usage_percent_min?: number | null; usage_percent_max?: number | null; created_from?: string | null; created_to?: string | null; role?: Role | null; sort?: UserSort; order?: 'asc' | 'desc'; page?: number; page_size?: number };
    headers: object;
    body: never;
    answer: UsersResponse;
  };
  /** Create a user */
  'POST /admin/users': {
    path: object;
    query: object;
    headers: object;
    body: UserCreate;
    answer: CreatedAccountResponse;
  };
  /** One user */
  'GET /admin/users/{id}': {
    path: { id: string };
    query: object;
    headers: object;
    body: never;
    answer: UserDetailResponse;
  };
  /** Edit a user */
  'PATCH /admin/users/{id}': {
    path: { id: string };
    query: object;
    headers: object;
    body: UserUpdate;
    answer: AccountResponse;
  };
  /** One user's usage */
  'GET /admin/users/{id}/usage': {
    path: { id: string };
    query: { from?: string | null; to?: string | null; model?: string | null; group_by?: HistoryGroup | null; format?: 'json' | 'csv' | null; limit?: number; cursor?: string | null };
    headers: object;
    body: never;
    answer: StaffHistoryResponse | HistorySumsResponse;
  };
  /** One request's receipt */
  'GET /admin/users/{id}/usage/{request_id}': {
    path: { id: string; request_id: string };
    query: object;
    headers: object;
    body: never;
    answer: StaffReceiptDetail;
  };
  /** Use by weekday and hour */
  'GET /admin/usage/heatmap': {
    path: object;
    query: { from?: string | null; to?: string | null; user_id?: string | null; model?: string | null };
    headers: object;
    body: never;
    answer: HeatMapResponse;
  };
  /** One user's days */
  'GET /admin/users/{id}/daily': {
    path: { id: string };
    query: { from?: string | null; to?: string | null };
    headers: object;
    body: never;
    answer: DaysResponse;
  };
  /** One user's alerts */
  'GET /admin/users/{id}/alerts': {
    path: { id: string };
    query: { limit?: number; cursor?: string | null };
    headers: object;
    body: never;
    answer: AlertsResponse;
  };
  /** Users as CSV */
  'GET /admin/exports/users': {
    path: object;
    query: { q?: string | null; state?: UserState | null; plan?: string | null; usage_percent_min?: number | null; usage_percent_max?: number | null; created_from?: string | null; created_to?: string | null; role?: Role | null; sort?: UserSort; order?: 'asc' | 'desc' };
    headers: object;
    body: never;
    answer: undefined;
  };
  /** One person's data (LGPD) */
  'GET /admin/users/{id}/export': {
    path: { id: string };
    query: object;
    headers: object;
    body: never;
    answer: Record<string, unknown>;
  };
  /** Revenue and credits */
  'GET /admin/finance': {
    path: object;
    query: { from?: string | null; to?: string | null; group_by?: FinanceUnit };
    headers: object;
    body: never;
    answer: FinanceResponse;
  };
  /** Set a user's role */
  'PUT /admin/users/{id}/role': {
    path: { id: string };
    query: object;
    headers: object;
    body: RoleBody;
    answer: AccountResponse;
  };
  /** Set a temporary password */
  'POST /admin/users/{id}/password': {
    path: { id: string };
    query: object;
    headers: object;
    body: never;
    answer: TemporaryPasswordResponse;
  };
  /** The staff */
  'GET /admin/staff': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: AccountsResponse;
  };
  /** Suspend a user */
  'POST /admin/users/{id}/suspend': {
    path: { id: string };
    query: object;
    headers: object;
    body: ReasonBody;
    answer: AccountResponse;
  };
  /** Reactivate a user */
  'POST /admin/users/{id}/reactivate': {
    path: { id: string };
    query: object;
    headers: object;
    body: OptionalReasonBody;
    answer: AccountResponse;
  };
  /** Anonymise a user (LGPD) */
  'POST /admin/users/{id}/anonymise': {
    path: { id: string };
    query: object;
    headers: object;
    body: ReasonBody;
    answer: AccountResponse;
  };
  /** Change a user's plan */
  'PUT /admin/users/{id}/plan': {
    path: { id: string };
    query: object;
    headers: object;
    body: PlanBody;
    answer: LimitChangeResponse;
  };
  /** Change a user's monthly limit */
  'PUT /admin/users/{id}/limit': {
    path: { id: string };
    query: object;
    headers: object;
    body: LimitBody;
    answer: LimitChangeResponse;
  };
  /** Reset a user's usage of this month */
  'POST /admin/users/{id}/reset': {
    path: { id: string };
    query: object;
    headers: { 'idempotency-key': string };
    body: ResetBody;
    answer: LimitChangeResponse;
  };
  /** Front-end keys */
  'GET /admin/front-end-keys': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: FrontEndsResponse;
  };
  /** Create a front-end key */
  'POST /admin/front-end-keys': {
    path: object;
    query: object;
    headers: object;
    body: FrontEndCreate;
    answer: CreatedFrontEndResponse;
  };
  /** Edit a front end */
  'PATCH /admin/front-end-keys/{id}': {
    path: { id: string };
    query: object;
    headers: object;
    body: FrontEndUpdate;
    answer: FrontEndResponse;
  };
  /** Revoke a front-end key */
  'DELETE /admin/front-end-keys/{id}': {
    path: { id: string };
    query: object;
    headers: object;
    body: never;
    answer: FrontEndResponse;
  };
  /** Give a front end a new key */
  'POST /admin/front-end-keys/{id}/rotate': {
    path: { id: string };
    query: object;
    headers: object;
    body: never;
    answer: CreatedFrontEndResponse;
  };
  /** Audit log */
  'GET /admin/audit-log': {
    path: object;
    query: { actor_id?: string | null; action?: string | null; entity?: string | null; entity_id?: string | null; from?: string | null; to?: string | null; limit?: number; cursor?: string | null };
    headers: object;
    body: never;
    answer: AuditLogResponse;
  };
  /** Add credits to a user */
  'POST /admin/users/{id}/credits': {
    path: { id: string };
    query: object;
    headers: { 'idempotency-key': string };
    body: GrantBody;
    answer: GrantResponse | PendingGrantResponse;
  };
  /** Credit transactions */
  'GET /admin/credits/transactions': {
    path: object;
    query: { from?: string | null; to?: string | null; limit?: number; cursor?: string | null; user_id?: string | null; transaction_type?: 'purchase' | 'bonus' | 'adjustment' | 'refund' | 'compensation' | null; actor_id?: string | null };
    headers: object;
    body: never;
    answer: StaffTransactionsResponse;
  };
  /** Credit requests */
  'GET /admin/credit-requests': {
    path: object;
    query: { from?: string | null; to?: string | null; limit?: number; cursor?: string | null; state?: RequestState | null; urgency?: Urgency | null; user_id?: string | null };
    headers: object;
    body: never;
    answer: StaffRequestsResponse;
  };
  /** One credit request */
  'GET /admin/credit-requests/{ticket_number}': {
    path: { ticket_number: string };
    query: object;
    headers: object;
    body: never;
    answer: StaffRequestResponse;
  };
  /** Approve a credit request */
  'POST /admin/credit-requests/{ticket_number}/approve': {
    path: { ticket_number: string };
    query: object;
    headers: object;
    body: ApprovalBody;
    answer: StaffRequestResponse | PendingGrantResponse;
  };
  /** Reject a credit request */
  'POST /admin/credit-requests/{ticket_number}/reject': {
    path: { ticket_number: string };
    query: object;
    headers: object;
    body: RejectionBody;
    answer: StaffRequestResponse;
  };
  /** Grants that need a second person */
  'GET /admin/pending-grants': {
    path: object;
    query: { state?: PendingState | null; limit?: number; cursor?: string | null };
    headers: object;
    body: never;
    answer: PendingGrantsResponse;
  };
  /** One grant that needs a second person */
  'GET /admin/pending-grants/{id}': {
    path: { id: string };
    query: object;
    headers: object;
    body: never;
    answer: PendingGrantResponse;
  };
  /** Approve a grant as the second person */
  'POST /admin/pending-grants/{id}/approve': {
    path: { id: string };
    query: object;
    headers: object;
    body: PendingDecisionBody;
    answer: PendingGrantResponse;
  };
  /** Reject a grant as the second person */
  'POST /admin/pending-grants/{id}/reject': {
    path: { id: string };
    query: object;
    headers: object;
    body: PendingDecisionBody;
    answer: PendingGrantResponse;
  };
  /** Cancel an own pending grant */
  'POST /admin/pending-grants/{id}/cancel': {
    path: { id: string };
    query: object;
    headers: object;
    body: never;
    answer: PendingGrantResponse;
  };
  /** Which grants need a second person */
  'GET /admin/settings/approvals': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: ApprovalRulesResponse;
  };
  /** Set which grants need a second person */
  'PUT /admin/settings/approvals': {
    path: object;
    query: object;
    headers: object;
    body: ApprovalRulesBody;
    answer: ApprovalRulesResponse;
  };
  /** Plans */
  'GET /admin/plans': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: PlansResponse;
  };
  /** Create a plan */
  'POST /admin/plans': {
    path: object;
    query: object;
    headers: object;
    body: PlanCreate;
    answer: PlanResponse;
  };
  /** Edit a plan */
  'PATCH /admin/plans/{plan_type}': {
    path: { plan_type: string };
    query: object;
    headers: object;
    body: PlanUpdate;
    answer: PlanResponse;
  };
  /** Packages */
  'GET /admin/packages': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: OfferedPackagesResponse;
  };
  /** Create a package */
  'POST /admin/packages': {
    path: object;
    query: object;
    headers: object;
    body: PackageCreate;
    answer: OfferedPackageResponse;
  };
  /** Edit a package */
  'PATCH /admin/packages/{id}': {
    path: { id: string };
    query: object;
    headers: object;
    body: PackageEdit;
    answer: OfferedPackageResponse;
  };
  /** Models and weights */
  'GET /admin/models': {
    path: object;
    query: object;
    headers: object;
    body: never;
    answer: ModelsResponse;
  };
  /** Calculate an example charge */
  'POST /admin/models/calculation': {
    path: object;
    query: object;
    headers: object;
    body: CalculationBody;
    answer: CalculationResponse;
  };
  /** Set a model's weights */
  'PUT /admin/models/{name}': {
    path: { name: string };
    query: object;
    headers: object;
    body: ModelBody;
    answer: ModelResponse;
  };
}
