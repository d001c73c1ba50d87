-- Inserts the days $1..$2 from their hours; they must not exist yet. {durations}: the sum of
-- duration_counts per band.
INSERT INTO usage_days (
    local_day, model_asked, plan_type, front_end_key_id, requests, estimated_requests, input_tokens, cached_input_tokens,
    output_tokens, reasoning_tokens, tokens_charged, cost_usd, duration_counts)
SELECT r.local_day, r.model_asked, r.plan_type, r.front_end_key_id, sum(r.requests), sum(r.estimated_requests), sum(r.input_tokens),
       sum(r.cached_input_tokens), sum(r.output_tokens), sum(r.reasoning_tokens), sum(r.tokens_charged), sum(r.cost_usd),
       {durations}
FROM usage_hours r
WHERE r.local_day BETWEEN $1 AND $2
GROUP BY r.local_day, r.model_asked, r.plan_type, r.front_end_key_id
