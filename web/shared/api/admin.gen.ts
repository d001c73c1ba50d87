/** Generated from the API by `make types`; never edited by hand. */

/** An account after a change. Read the balance and the rest at GET /admin/users/{id}. */
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

/** Accounts, the highest role first. */
export interface AccountsResponse {
  data: AccountResponse[];
}

/** A crossed threshold of which the user was notified. */
export interface AlertResponse {
  id: string;
  period_start: string;
  threshold_percent: number;
  usage_percent: number;
  created_at: string;
  acknowledged_at: string | null;
}

/** The append-only record of what happened to the running period. */
export interface AllowanceChangeResponse {
  id: string;
  period_start: string;
  /** Added to the period's allowance; negative: taken off. */
  tokens_added: number;
  /** A reset's compensation in credits, for what had been paid from them. */
  credits_given_back: number;
  /** The compensation's credit transaction. */
  transaction_id: string | null;
  created_at: string;
}

/** An API key, identified by name and prefix. */
export interface ApiKeyResponse {
  id: string;
  name: string;
  prefix: string;
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

/** The approval; what is left out is the request's own. */
export interface ApprovalBody {
  /** In BRL; 0 makes it a bonus. Needed where the request has no price. */
  amount_paid?: number | null;
  /** Another amount than asked for. */
  tokens?: number | null;
  /** A word to the user. */
  reason?: string;
}

/** The rules to set; what is left out stays. */
export interface ApprovalRulesBody {
  /** As it was read; a 409 `changed_meanwhile` where it changed since. */
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

/** One change. `before` and `after` hold what differs, and never a secret. */
export interface AuditEntryResponse {
  id: string;
  created_at: string;
  /** Null: the system or the command line. */
  actor_id: string | null;
  actor_name: string | null;
  actor_email: string | null;
  /** The actor's role at that moment; `system` without an actor. */
  actor_role: string;
  action: string;
  entity: string;
  entity_id: string;
  /** A user's name, or his address. */
  entity_label: string | null;
  before: Record<string, JsonValue> | null;
  after: Record<string, JsonValue> | null;
  trace_id: string | null;
}

/** A page of changes, newest first. */
export interface AuditLogResponse {
  data: AuditEntryResponse[];
  next_cursor: string | null;
}

/** How a front end wants to be told that a request is blocked. */
export type BlockStyle = 'error' | 'assistant_message';

/** Weights to try, and the request to try them on. */
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

/** Why one person is not enough. */
export type Cause = 'above_amount' | 'below_price';

/** One dependency's state. `degraded`: it works in part. `late`, `absent`: of the worker. `off`: not configured. */
export interface Check {
  status: 'ok' | 'degraded' | 'late' | 'absent' | 'down' | 'off';
  latency_ms?: number | null;
  detail?: string | null;
}

/** What a provider counts for one request; cached input is a part of input, reasoning of output. */
export interface CountsBody {
  input?: number;
  cached_input?: number;
  output?: number;
  reasoning?: number;
}

/** Counts of the user's records. */
export interface CountsResponse {
  requests_this_period: number;
  days_with_use: number;
  open_holds: number;
  credit_transactions: number;
  pending_credit_requests: number;
}

/** The new account; the password is shown this one time. */
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

/** A front end with its key and the settings that hold it, shown this one time. */
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
  /** The limit in force: its own, or SOLARIS_NEW_ACCOUNTS_PER_DAY. */
  new_accounts_limit: number;
  /** Accounts it made today. */
  new_accounts_today: number;
  /** When a new user was refused today; null where none was, or the limit has room again. */
  new_accounts_refused_at: string | null;
  /** Users that it brought. */
  users: number;
  created_at: string;
  updated_at: string;
  revoked_at: string | null;
  /** For librechat.yaml or Open WebUI's environment, with a placeholder for the key. */
  settings: string;
  key: string;
}

/** What a user types to sign in. */
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

/** One day in the customer's time zone. */
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

/** When a plan or limit counts: in the running period already, or from its renewal on. */
export type Effective = 'now' | 'next_period';

/** The sums of one day or month. */
export interface FinanceBucketResponse {
  /** Payments for purchases minus refunds; amounts of gifts don't count. */
  revenue_brl: number;
  refunds_brl: number;
  purchases: number;
  /** Users with a purchase. */
  buyers: number;
  /** Mean payment per purchase; null without purchases. */
  average_ticket_brl: number | null;
  tokens_sold: number;
  /** Bonus, compensation, positive adjustments. */
  tokens_given: number;
  /** Refunds and negative adjustments. */
  tokens_taken_back: number;
  /** Tokens charged to credits. */
  credits_spent: number;
  /** The bucket's first day inside the range. */
  first_day: string;
}

/** The report; `previous` is the period of equal length before the range. */
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
  /** Payments for purchases minus refunds; amounts of gifts don't count. */
  revenue_brl: number;
  refunds_brl: number;
  purchases: number;
  /** Users with a purchase. */
  buyers: number;
  /** Mean payment per purchase; null without purchases. */
  average_ticket_brl: number | null;
  tokens_sold: number;
  /** Bonus, compensation, positive adjustments. */
  tokens_given: number;
  /** Refunds and negative adjustments. */
  tokens_taken_back: number;
  /** Tokens charged to credits. */
  credits_spent: number;
}

/** The length of a bucket. */
export type FinanceUnit = 'day' | 'month';

/** The front end to create. */
export interface FrontEndCreate {
  name: string;
  kind?: FrontEndKind;
  /** The kind's own names where left out. */
  headers?: HeadersBody | null;
  /** Its addresses are verified: link them to existing users. */
  link_by_email?: boolean;
  /** Open WebUI: believe its signed identity alone. */
  strict?: boolean;
  /** Open WebUI's FORWARD_USER_INFO_HEADER_JWT_SECRET; made up with `strict` where left out. */
  signing_secret?: string | null;
  block_style?: BlockStyle;
  /** Plan of the users it brings; null: the default one. */
  plan_type?: string | null;
  /** Accounts it may make a day; null: SOLARIS_NEW_ACCOUNTS_PER_DAY. 0: none. */
  new_accounts_per_day?: number | null;
}

/** Which chat server it is; it decides how header values are encoded. */
export type FrontEndKind = 'librechat' | 'open_webui';

/** A front end as lists show it; the key by its first characters, the secret not at all. */
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
  /** The limit in force: its own, or SOLARIS_NEW_ACCOUNTS_PER_DAY. */
  new_accounts_limit: number;
  /** Accounts it made today. */
  new_accounts_today: number;
  /** When a new user was refused today; null where none was, or the limit has room again. */
  new_accounts_refused_at: string | null;
  /** Users that it brought. */
  users: number;
  created_at: string;
  updated_at: string;
  revoked_at: string | null;
  /** For librechat.yaml or Open WebUI's environment, with a placeholder for the key. */
  settings: string;
}

/** What to change; fields that are left out stay as they are. */
export interface FrontEndUpdate {
  /** As read with the key; a 409 where it changed meanwhile. */
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

/** All front ends, the newest first; revoked ones too. */
export interface FrontEndsResponse {
  data: FrontEndResponse[];
}

/** Credits to add to one user. */
export interface GrantBody {
  tokens: number;
  /** What was paid, in BRL; more than zero for `compra_email`. */
  amount_paid?: number;
  reason: GrantReason;
  note?: string;
}

/** Why staff add credits, in the customer's words. */
export type GrantReason = 'compra_email' | 'promocional' | 'ajuste_manual';

/** The credits that were added, and the balance right after that. */
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

/** The headers in which the chat server names its user. */
export interface HeadersBody {
  id: string;
  email: string;
  name: string;
}

/** `ok`: all checks pass. `degraded`: calls are served, a check fails. `down`: no charges possible. */
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
  /** Occurrences of the weekday in the range; divide by it for a mean. */
  days: number;
}

/** All 168 cells from Monday, 0 h, to Sunday, 23 h. */
export interface HeatMapResponse {
  from: string;
  to: string;
  timezone: string;
  data: HeatCellResponse[];
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

/** The user's identity in a front end. */
export interface IdentityResponse {
  front_end: string;
  kind: 'librechat' | 'open_webui';
  external_id: string;
  created_at: string;
}

export type JsonValue = unknown;

/** The monthly limit to give, whatever the plan's is. */
export interface LimitBody {
  monthly_tokens: number;
  reason: string;
  effective?: Effective;
}

/** What was changed. `change` and `wallet` are null where the running period stays as it is. */
export interface LimitChangeResponse {
  user: AccountResponse;
  kind: 'plan' | 'limit' | 'reset';
  change: AllowanceChangeResponse | null;
  wallet: WalletAfterResponse | null;
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

/** What a model is to cost and to admit. */
export interface ModelBody {
  weights: WeightsBody_Input;
  /** Output that is held for where a request sets no limit. */
  output_limit_tokens: number;
  tokenizer?: 'o200k_base' | 'cl100k_base';
  active?: boolean;
  /** As read with the model, null where it was null; a 409 where it changed meanwhile. */
  updated_at: string | null;
}

/** A model, a pattern such as `openai/*`, or an alias, and what an example request costs with it. */
export interface ModelResponse {
  name: string;
  weights: WeightsBody_Output;
  output_limit_tokens: number;
  tokenizer: string;
  /** The provider's count of prompts / the tokenizer's. */
  prompt_factor: number;
  active: boolean;
  /** Null: not in the table, without weights of its own. */
  updated_at: string | null;
  /** The models that this name stands for in LiteLLM; empty for a model. */
  alias_of: string[];
  /** Where it has no weights of its own: the models and patterns whose weights it takes, the dearest of each kind; empty where it counts with weight 1. */
  weights_from: string[];
  example: CalculationResponse;
}

/** All models by name, and the factor that is applied to all of them (TOKEN_CONVERSION_FACTOR). */
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

/** All packages in the shop's order. */
export interface OfferedPackagesResponse {
  data: OfferedPackageResponse[];
}

/** The open credit requests. */
export interface OpenRequestsResponse {
  requests: number;
  tokens: number;
  amount_brl: number;
  oldest_created_at: string | null;
}

/** Why it is done, where there is something to say. */
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

/** What to change of a package; fields that are left out stay as they are. */
export interface PackageEdit {
  /** As it was read; a 409 `changed_meanwhile` where it changed meanwhile. */
  updated_at: string;
  name?: string | null;
  tokens?: number | null;
  amount_brl?: number | null;
  /** Null removes it. */
  badge?: string | null;
  sort_order?: number | null;
  active?: boolean | null;
}

/** The purchases of one package; `package_id` null: purchases without a package. */
export interface PackageResponse {
  package_id: string | null;
  name: string | null;
  purchases: number;
  tokens: number;
  revenue_brl: number;
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

export interface Page_AlertResponse {
  data: AlertResponse[];
  next_cursor: string | null;
}

export interface Page_StaffReceiptResponse {
  data: StaffReceiptResponse[];
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

/** Why the grant is confirmed or rejected; kept in the audit log. */
export interface PendingDecisionBody {
  reason: string;
}

/** A grant that needs a second person. With `state: pending` nothing is granted yet. */
export interface PendingGrantResponse {
  id: string;
  state: PendingState;
  user_id: string;
  user_name: string;
  user_email: string | null;
  tokens: number;
  amount_paid: number;
  /** Null where a credit request is approved. */
  reason: GrantReason | null;
  /** The credit request that is approved. */
  ticket_number: string | null;
  /** The remark; of a credit request the message to the user. */
  note: string;
  /** Why one person is not enough. */
  causes: Cause[];
  /** The same as a sentence in Portuguese, and who has to do what. */
  explanation: string;
  asked_by: string;
  asked_by_name: string | null;
  asked_at: string;
  expires_at: string;
  decided_by: string | null;
  decided_by_name: string | null;
  decided_at: string | null;
  decision_reason: string | null;
  /** The grant, once it is made. */
  transaction_id: string | null;
}

/** A page of grants that need or needed a second person, newest first. */
export interface PendingGrantsResponse {
  data: PendingGrantResponse[];
  next_cursor: string | null;
}

/** Where a grant stands that needs a second person; only `pending` changes. */
export type PendingState = 'pending' | 'approved' | 'rejected' | 'cancelled' | 'expired';

/** The plan to give. */
export interface PlanBody {
  plan_type: string;
  /** `now`: the running allowance becomes the plan's; else from the renewal on. */
  effective?: Effective;
}

/** The plan to create. Rates of null are not limited. */
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

/** What to change of a plan; fields that are left out stay as they are. */
export interface PlanUpdate {
  /** As it was read; a 409 `changed_meanwhile` where it changed meanwhile. */
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

/** All plans in their order. */
export interface PlansResponse {
  data: PlanResponse[];
}

/** The figures to compare with. */
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

/** Why it is done; kept in the audit log. */
export interface ReasonBody {
  reason: string;
}

/** The rejection; the user reads the reason. */
export interface RejectionBody {
  reason: string;
}

/** Where a credit request stands; only `pending` changes. */
export type RequestState = 'pending' | 'approved' | 'rejected' | 'cancelled';

/** Why the month's use is reset. */
export interface ResetBody {
  reason: string;
}

/** A person's role; `user` chats, the others are staff. */
export type Role = 'user' | 'support' | 'operator' | 'admin' | 'super_admin';

/** The role to give. */
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

/** The dimension that splits a bucket. */
export type Split = 'user' | 'model' | 'plan' | 'front_end';

/** One request with its cost and the arithmetic of its charge. */
export interface StaffReceiptDetail {
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
  /** LiteLLM's cost in USD, if it sent one. */
  cost_usd: number | null;
  arithmetic: Arithmetic;
}

/** A receipt with the provider's cost, which is shown to staff only. */
export interface StaffReceiptResponse {
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
  /** LiteLLM's cost in USD, if it sent one. */
  cost_usd: number | null;
}

/** A credit request with whose it is. `amount_brl` is null for support. */
export interface StaffRequestResponse {
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
  id: string;
  user_id: string;
  user_name: string;
  user_email: string | null;
  decided_by: string | null;
  decided_by_name: string | null;
  transaction_id: string | null;
  /** Its approval waits for a second person: the pending grant's id. */
  pending_grant_id: string | null;
  /** Who approved it first, while it waits for a second person. */
  asked_by: string | null;
  asked_by_name: string | null;
}

/** A page of requests, newest first. */
export interface StaffRequestsResponse {
  data: StaffRequestResponse[];
  next_cursor: string | null;
  /** All requests in each state, whatever was filtered. */
  totals_by_state: Record<string, number>;
}

/** One credit transaction. */
export interface StaffTransactionResponse {
  id: string;
  user_id: string;
  user_name: string;
  user_email: string | null;
  transaction_type: 'purchase' | 'bonus' | 'adjustment' | 'refund' | 'compensation';
  /** Negative where tokens were taken back. */
  tokens_added: number;
  amount_paid: number;
  note: string;
  created_at: string;
  /** Null: the system or the command line. */
  actor_id: string | null;
  actor_name: string | null;
  /** The credit request that led to it. */
  ticket_number: string | null;
  /** That request's package. */
  package_id: string | null;
}

/** A page of transactions, newest first. */
export interface StaffTransactionsResponse {
  data: StaffTransactionResponse[];
  next_cursor: string | null;
}

/** The rows by time, in each bucket by tokens charged, most first. */
export interface StatsResponse {
  group_by: Unit;
  split_by: Split | null;
  from: string;
  to: string;
  timezone: string;
  data: StatsRowResponse[];
  totals: SumsResponse;
}

/** One bucket, or one key in it with `split_by`. */
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

/** A new password, shown this one time. */
export interface TemporaryPasswordResponse {
  temporary_password: string;
}

/** One of today's top users; `tokens_remaining` is the value after the last charge. */
export interface TopConsumerResponse {
  user_id: string;
  name: string;
  email: string | null;
  plan_type: string | null;
  tokens_consumed_today: number;
  tokens_remaining: number;
}

/** The sums of one transaction type. */
export interface TypeResponse {
  transaction_type: 'purchase' | 'bonus' | 'adjustment' | 'refund' | 'compensation';
  transactions: number;
  tokens_added: number;
  amount_paid: number;
}

/** The length of a bucket. */
export type Unit = 'hour' | 'day' | 'week' | 'month';

/** How soon the asker needs the credits. */
export type Urgency = 'low' | 'normal' | 'high';

/** The account to create. */
export interface UserCreate {
  email: string;
  name?: string;
  /** Above `user`: for a super_admin to give. */
  role?: Role;
  /** The default plan where left out. */
  plan_type?: string | null;
  /** Make a temporary password and show it in the answer. */
  with_password?: boolean;
}

/** All details of one user, without secrets. */
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
  /** Whether the user can sign in with a password. */
  has_password: boolean;
  suspension_reason: string | null;
  anonymised_at: string | null;
  /** Send it back with an edit (PATCH /admin/users/{id}). */
  updated_at: string;
  alert_thresholds_percent: number[];
  /** When the next allowance opens. */
  renews_at: string;
  /** The day on which no tokens remain at this period's pace; null if not before the renewal. */
  projected_run_out_date: string | null;
  subscription: SubscriptionResponse | null;
  wallet: WalletResponse;
  counts: CountsResponse;
  identities: IdentityResponse[];
  api_keys: ApiKeyResponse[];
}

/** One user with the balance in the present period. */
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

/** Sort keys of a list of users; ties are sorted by id. */
export type UserSort = 'name' | 'email' | 'created_at' | 'usage_percent' | 'tokens_used' | 'tokens_remaining';

/** Derived from the wallet and `users.active`; never stored. */
export type UserState = 'normal' | 'alert_80' | 'alert_90' | 'blocked' | 'suspended';

/** What to change; fields that are left out stay as they are. */
export interface UserUpdate {
  /** As read with the account; a 409 where it changed meanwhile. */
  updated_at: string;
  name?: string | null;
  /** Empty: remove it. */
  contact_email?: string | null;
  /** At which use the user is told, each 1–100; empty: never. */
  alert_thresholds_percent?: number[] | null;
}

/** A page of users. */
export interface UsersResponse {
  data: UserResponse[];
  page: number;
  page_size: number;
  /** Users that match all filters. */
  total: number;
  /** Users that match all filters but `state`, per state; every state is listed. */
  totals_by_state: Record<string, number>;
}

/** How the caller proved who he is (SPEC 6, Who is calling). */
export type Via = 'api_key' | 'jwt' | 'front_end' | 'widget';

/** The wallet right after the change. All figures but the percent are tokens. */
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

/** The wallet in the present period, as renewed if it is not open yet. Figures are tokens. */
export interface WalletResponse {
  period_start: string;
  allowance: number;
  allowance_used: number;
  allowance_left: number;
  credits: number;
  held: number;
  used: number;
  overage: number;
  /** Tokens required by the last call if it was refused for lack of tokens; else 0. */
  refused_tokens: number;
}

/** What one token of each kind costs in tokens charged. */
export interface WeightsBody_Input {
  input?: number;
  cached_input?: number;
  output?: number;
  reasoning?: number;
}

/** What one token of each kind costs in tokens charged. */
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
    answer: Page_StaffReceiptResponse | HistorySumsResponse;
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
    answer: Page_AlertResponse;
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
  /** Reset a user's use of this month */
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
  /** Confirm a grant as the second person */
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
  /** Cancel a grant that one asked for */
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
  /** Try weights */
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
