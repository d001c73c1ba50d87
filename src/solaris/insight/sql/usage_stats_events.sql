-- Requests, tokens, cost and durations per bucket ($1: hour, day, week, month) and key ($2: user, model, plan, front_end, none),
-- and once over everything. One pass over the events of the days $3..$4: they are counted per duration first, and the percentiles
-- are read from the counts, since sorting millions of durations would take seconds. Durations are rounded to two digits.
-- $7: the users who get a row of their own; the others share the key ''.
WITH counted AS MATERIALIZED (
    SELECT e.local_day, CASE WHEN $1 = 'hour' THEN date_trunc('hour', e.occurred_at) END AS hour,
           CASE $2 WHEN 'user' THEN CASE WHEN e.user_id = ANY ($7::uuid[]) THEN e.user_id::text ELSE '' END
                   WHEN 'model' THEN e.model_asked
                   WHEN 'plan' THEN coalesce(s.plan_type, '')
                   WHEN 'front_end' THEN coalesce(f.name, '')
                   ELSE '' END AS key,
           CASE WHEN e.duration_ms < 100 THEN e.duration_ms
                WHEN e.duration_ms < 1000 THEN (e.duration_ms + 5) / 10 * 10
                WHEN e.duration_ms < 10000 THEN (e.duration_ms + 50) / 100 * 100
                WHEN e.duration_ms < 100000 THEN (e.duration_ms + 500) / 1000 * 1000
                ELSE (e.duration_ms / 1000 + 5) / 10 * 10000 END AS duration_ms,
           count(*) AS requests, sum(e.input_tokens) AS input_tokens, sum(e.output_tokens) AS output_tokens,
           sum(e.tokens_charged) AS tokens_charged, sum(e.cost_usd) AS cost_usd
    FROM usage_events e
    LEFT JOIN subscriptions s ON $2 = 'plan' AND s.user_id = e.user_id AND s.active
    LEFT JOIN front_end_keys f ON $2 = 'front_end' AND f.id = e.front_end_key_id
    WHERE e.local_day BETWEEN $3 AND $4 AND ($5::uuid IS NULL OR e.user_id = $5) AND ($6::text IS NULL OR e.model_asked = $6)
    GROUP BY 1, 2, 3, 4
), summed AS (
    SELECT bucket, key, duration_ms, GROUPING(bucket) = 1 AS is_total,
           sum(requests) AS requests, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
           sum(tokens_charged) AS tokens_charged, sum(cost_usd) AS cost_usd
    FROM (SELECT c.*, coalesce(c.hour, date_trunc($1, c.local_day::timestamptz)) AS bucket FROM counted c) AS b
    GROUP BY GROUPING SETS ((bucket, key, duration_ms), (duration_ms))
), ranked AS (
    SELECT s.*,
           sum(requests) FILTER (WHERE duration_ms IS NOT NULL) OVER (
               PARTITION BY is_total, bucket, key ORDER BY duration_ms) AS up_to_here,
           sum(requests) FILTER (WHERE duration_ms IS NOT NULL) OVER (PARTITION BY is_total, bucket, key) AS timed
    FROM summed s
)
SELECT is_total, bucket, key, sum(requests)::bigint AS requests, sum(input_tokens)::bigint AS input_tokens,
       sum(output_tokens)::bigint AS output_tokens, sum(tokens_charged)::bigint AS tokens_charged,
       coalesce(sum(cost_usd), 0) AS cost_usd,
       min(duration_ms) FILTER (WHERE up_to_here >= 0.50 * timed) AS p50_ms,
       min(duration_ms) FILTER (WHERE up_to_here >= 0.95 * timed) AS p95_ms,
       min(duration_ms) FILTER (WHERE up_to_here >= 0.99 * timed) AS p99_ms
FROM ranked
GROUP BY is_total, bucket, key
