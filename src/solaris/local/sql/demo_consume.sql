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
