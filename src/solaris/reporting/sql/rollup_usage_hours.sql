-- Inserts the hours of the events of the days $1..$2 from the instant $3 to before $4; they must
-- not exist yet. $5: the bounds of the duration bands.
INSERT INTO usage_hours (
    hour, local_day, model_asked, plan_type, front_end_key_id, requests, estimated_requests, input_tokens, cached_input_tokens,
    output_tokens, reasoning_tokens, tokens_charged, cost_usd, duration_counts)
WITH counted AS (
    SELECT date_trunc('hour', e.occurred_at, 'UTC') AS hour, e.local_day, e.model_asked, coalesce(s.plan_type, '') AS plan_type,
           e.front_end_key_id, width_bucket(e.duration_ms, $5::int[]) AS band,
           count(*) AS requests, count(*) FILTER (WHERE e.estimated) AS estimated_requests,
           sum(e.input_tokens) AS input_tokens, sum(e.cached_input_tokens) AS cached_input_tokens,
           sum(e.output_tokens) AS output_tokens, sum(e.reasoning_tokens) AS reasoning_tokens,
           sum(e.tokens_charged) AS tokens_charged, sum(e.cost_usd) AS cost_usd
    FROM usage_events e
    LEFT JOIN subscription_spans s ON s.user_id = e.user_id AND e.occurred_at >= s.starts_at AND e.occurred_at < s.ends_at
    WHERE e.local_day BETWEEN $1 AND $2 AND e.occurred_at >= $3 AND e.occurred_at < $4
    GROUP BY 1, 2, 3, 4, 5, 6
), summed AS (
    SELECT hour, local_day, model_asked, plan_type, front_end_key_id, sum(requests) AS requests,
           sum(estimated_requests) AS estimated_requests, sum(input_tokens) AS input_tokens,
           sum(cached_input_tokens) AS cached_input_tokens, sum(output_tokens) AS output_tokens,
           sum(reasoning_tokens) AS reasoning_tokens, sum(tokens_charged) AS tokens_charged,
           coalesce(sum(cost_usd), 0) AS cost_usd,
           jsonb_object_agg(band, requests) FILTER (WHERE band IS NOT NULL) AS by_band
    FROM counted
    GROUP BY 1, 2, 3, 4, 5
)
SELECT hour, local_day, model_asked, plan_type, front_end_key_id, requests, estimated_requests, input_tokens, cached_input_tokens,
       output_tokens, reasoning_tokens, tokens_charged, cost_usd,
       ARRAY(SELECT coalesce((by_band ->> band::text)::int, 0)
             FROM generate_series(0, array_length($5::int[], 1)) AS band ORDER BY band)
FROM summed
