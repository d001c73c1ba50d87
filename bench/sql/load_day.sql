-- One day's calls of the load: the events and the settled holds they came from. $1: how many days ago, $2: calls, $3: users.
-- Some users call much more than others; today's calls lie before now.
-- What remained after each call is not worked out (a round figure stands there): no balance depends on it.
WITH calls AS MATERIALIZED (
    SELECT floor($3::int * power(random(), 1.5))::int AS n, 50 + floor(random() * 800)::bigint AS input_tokens,
           20 + floor(random() * 600)::bigint AS output_tokens, random() AS moment,
           'req_' || replace(gen_random_uuid()::text, '-', '') AS request_id
    FROM generate_series(1, $2::int)
), day AS (
    SELECT CURRENT_DATE - $1::int AS local_day, (CURRENT_DATE - $1::int)::timestamptz AS begins_at,
           least(now(), (CURRENT_DATE - $1::int + 1)::timestamptz) AS ends_at
), made AS (
    INSERT INTO usage_events (
        user_id, request_id, local_day, occurred_at, route, ending, estimated, model_asked, model_answered,
        input_tokens, cached_input_tokens, output_tokens, reasoning_tokens,
        input_weight, cached_input_weight, output_weight, reasoning_weight, conversion_factor,
        tokens_charged, allowance_part, credits_part, overage, tokens_remaining, first_byte_ms, duration_ms, client, trace_id)
    SELECT p.user_id, c.request_id, d.local_day, d.begins_at + c.moment * (d.ends_at - d.begins_at), '/v1/chat/completions',
           'complete', false, CASE WHEN c.n % 3 = 0 THEN 'gpt-4' ELSE 'gpt-3.5-turbo' END, 'gpt-4',
           c.input_tokens, 0, c.output_tokens, 0, 1, 1, 1, 1, 1,
           c.input_tokens + c.output_tokens, c.input_tokens + c.output_tokens, 0, 0, 5000000,
           200 + floor(c.moment * 400)::int, 900 + floor(c.moment * 3000)::int, 'bench', substr(c.request_id, 5)
    FROM calls c JOIN scale_people p ON p.n = c.n CROSS JOIN day d
    RETURNING user_id, request_id, id, occurred_at, model_asked, input_tokens, output_tokens, tokens_charged, trace_id
)
INSERT INTO holds (user_id, request_id, state, tokens, fingerprint, call, input_tokens, output_tokens, created_at, expires_at, ended_at, event_id)
SELECT user_id, request_id, 'settled', tokens_charged, trace_id || trace_id,
       jsonb_build_object(
           'route', '/v1/chat/completions', 'model_asked', model_asked, 'input_weight', '1', 'cached_input_weight', '1',
           'output_weight', '1', 'reasoning_weight', '1', 'conversion_factor', '1', 'client', 'bench', 'trace_id', trace_id),
       input_tokens, output_tokens, occurred_at, occurred_at + interval '1 minute', occurred_at, id
FROM made
