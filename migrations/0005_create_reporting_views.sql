-- Stable views for BI tools (Metabase and the like); columns are only ever added.
CREATE SCHEMA reporting;

CREATE VIEW reporting.usage_events AS
SELECT e.id, e.occurred_at, e.local_day, e.user_id, u.email, u.name, s.plan_type, e.model_asked, e.model_answered, e.route,
       e.ending, e.estimated, e.input_tokens, e.cached_input_tokens, e.output_tokens, e.reasoning_tokens,
       e.tokens_charged, e.allowance_part, e.credits_part, e.overage, e.cost_usd, e.first_byte_ms, e.duration_ms,
       f.name AS front_end, e.conversation_id, e.trace_id
FROM public.usage_events e
JOIN public.users u ON u.id = e.user_id
LEFT JOIN public.subscriptions s ON s.user_id = e.user_id AND s.active
LEFT JOIN public.front_end_keys f ON f.id = e.front_end_key_id;

CREATE VIEW reporting.usage_daily AS
SELECT local_day, user_id, model_asked AS model, count(*) AS requests, sum(input_tokens) AS input_tokens,
       sum(output_tokens) AS output_tokens, sum(tokens_charged) AS tokens_charged, sum(cost_usd) AS cost_usd
FROM public.usage_events
GROUP BY local_day, user_id, model_asked;

CREATE VIEW reporting.balances AS
SELECT u.id AS user_id, u.email, u.name, u.active, u.created_at, s.plan_type, w.period_start, w.allowance, w.allowance_used,
       w.credits, w.held, w.used, w.overage, greatest(w.allowance - w.allowance_used + w.credits - w.held, 0) AS remaining
FROM public.users u
JOIN public.wallets w ON w.user_id = u.id
LEFT JOIN public.subscriptions s ON s.user_id = u.id AND s.active;

CREATE VIEW reporting.credit_transactions AS
SELECT t.id, t.created_at, (t.created_at)::date AS local_day, t.user_id, u.email, u.name, t.transaction_type, t.tokens_added,
       t.amount_paid AS amount_brl, t.note
FROM public.credit_transactions t
JOIN public.users u ON u.id = t.user_id;

CREATE VIEW reporting.revenue_daily AS
SELECT (created_at)::date AS local_day, count(*) FILTER (WHERE transaction_type = 'purchase') AS purchases,
       sum(amount_paid) AS revenue_brl, sum(tokens_added) AS tokens_added
FROM public.credit_transactions
GROUP BY 1;
