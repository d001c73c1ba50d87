-- name: demo_consume
-- Charges past calls in the given order, each through the ledger's function; returns the number of calls per outcome.
SELECT r.outcome, count(*) AS calls
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS c (item, number)
CROSS JOIN LATERAL jsonb_to_record(c.item -> 'call') AS k (
    route text, model_asked text, input_weight numeric, cached_input_weight numeric, output_weight numeric, reasoning_weight numeric,
    conversion_factor numeric, client text, front_end_key_id uuid, conversation_id text, trace_id text)
CROSS JOIN LATERAL jsonb_to_record(c.item -> 'usage') AS u (
    tokens_charged bigint, input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, reasoning_tokens bigint, ending text,
    estimated boolean, model_answered text, cost_usd text, first_byte_ms integer, duration_ms integer)
CROSS JOIN LATERAL ledger_consume_v2(
    (c.item ->> 'user_id')::uuid, c.item ->> 'request_id', 'demo', u.tokens_charged, u.input_tokens, u.cached_input_tokens,
    u.output_tokens, u.reasoning_tokens, u.ending, u.estimated, u.model_answered, u.cost_usd, u.first_byte_ms, u.duration_ms,
    ledger_terms_v1(k.route, k.model_asked, k.input_weight, k.cached_input_weight, k.output_weight, k.reasoning_weight, k.conversion_factor),
    k.client, k.front_end_key_id, k.conversation_id, k.trace_id, (c.item ->> 'at')::timestamptz
) AS r
GROUP BY r.outcome

-- name: demo_decide_request
-- Sets the outcome of a demo request.
UPDATE credit_requests
SET state = $2, decided_at = $3, decided_by = $4, decision_reason = $5, transaction_id = $6
WHERE id = $1 AND state = 'pending'

-- name: demo_insert_users
-- Inserts the demo users; a user who already has one of the addresses keeps it.
INSERT INTO users (email, name, role, created_at, updated_at)
SELECT p.email, p.name, p.role, p.created_at, p.created_at
FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS p (email, name, role, created_at)
ON CONFLICT (email) DO NOTHING
RETURNING id, email

-- name: demo_record_changes
-- Audit entries of the demo's staff actions, with past instants.
INSERT INTO audit_log (created_at, actor_id, actor_role, action, entity, entity_id, before, after)
SELECT (c.item ->> 'at')::timestamptz, $2, $3, c.item ->> 'action', c.item ->> 'entity', c.item ->> 'entity_id',
       nullif(c.item -> 'before', 'null'), nullif(c.item -> 'after', 'null')
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS c (item, number)
ORDER BY c.number

-- name: demo_subscribe
-- Subscriptions of the demo users: the wanted plan, or the first one in the list if that was renamed.
INSERT INTO subscriptions (user_id, plan_type, monthly_tokens, start_date)
SELECT u.id, plan.plan_type, plan.monthly_tokens, u.created_at
FROM unnest($1::uuid[], $2::text[]) AS wanted (user_id, plan_type)
JOIN users u ON u.id = wanted.user_id
CROSS JOIN LATERAL (
    SELECT plan_type, monthly_tokens FROM plans ORDER BY plan_type = wanted.plan_type DESC, sort_order LIMIT 1
) AS plan
