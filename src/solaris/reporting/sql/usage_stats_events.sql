-- Requests, tokens, cost and durations per bucket ($1: hour, day, week, month) and key ($2: user,
-- model, plan, front_end, none), from the events of the days $3..$4 at or after the instant $7,
-- optionally of one model ($5) or some users ($6). Durations are counted per band; $8: the bands'
-- bounds. A bucket's date is computed once per day, not per event.
WITH counted AS MATERIALIZED (
    SELECT e.local_day, CASE WHEN $1 = 'hour' THEN date_trunc('hour', e.occurred_at) END AS hour,
           CASE $2 WHEN 'user' THEN e.user_id::text
                   WHEN 'model' THEN e.model_asked
                   WHEN 'plan' THEN coalesce(s.plan_type, '')
                   WHEN 'front_end' THEN coalesce(f.name, '')
                   ELSE '' END AS key,
           width_bucket(e.duration_ms, $8::int[]) AS band,
           count(*) AS requests, sum(e.input_tokens) AS input_tokens, sum(e.output_tokens) AS output_tokens,
           sum(e.tokens_charged) AS tokens_charged, sum(e.cost_usd) AS cost_usd
    FROM usage_events e
    LEFT JOIN subscription_spans s
           ON $2 = 'plan' AND s.user_id = e.user_id AND e.occurred_at >= s.starts_at AND e.occurred_at < s.ends_at
    LEFT JOIN front_end_keys f ON $2 = 'front_end' AND f.id = e.front_end_key_id
    WHERE e.local_day BETWEEN $3 AND $4 AND e.occurred_at >= $7
      AND ($5::text IS NULL OR e.model_asked = $5) AND ($6::uuid[] IS NULL OR e.user_id = ANY ($6))
    GROUP BY 1, 2, 3, 4
), bucketed AS (
    SELECT coalesce(hour, date_trunc($1, local_day::timestamptz)) AS bucket, key, band, sum(requests) AS requests,
           sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens, sum(tokens_charged) AS tokens_charged,
           sum(cost_usd) AS cost_usd
    FROM counted
    GROUP BY 1, 2, 3
)
SELECT bucket, key, sum(requests)::bigint AS requests, sum(input_tokens)::bigint AS input_tokens,
       sum(output_tokens)::bigint AS output_tokens, sum(tokens_charged)::bigint AS tokens_charged,
       coalesce(sum(cost_usd), 0) AS cost_usd, NULL::bigint[] AS duration_counts,
       array_agg(band) FILTER (WHERE band IS NOT NULL) AS bands,
       array_agg(requests::bigint) FILTER (WHERE band IS NOT NULL) AS band_requests
FROM bucketed
GROUP BY bucket, key
