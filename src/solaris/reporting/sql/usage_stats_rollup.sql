-- The figures of usage_stats_events for all users, from the rollups: {table} is usage_hours for
-- hours, else usage_days; {durations} is the sum of duration_counts per band.
SELECT date_trunc($1, {instant}) AS bucket,
       CASE $2 WHEN 'model' THEN r.model_asked
               WHEN 'plan' THEN r.plan_type
               WHEN 'front_end' THEN coalesce(f.name, '')
               ELSE '' END AS key,
       sum(r.requests)::bigint AS requests, sum(r.input_tokens)::bigint AS input_tokens,
       sum(r.output_tokens)::bigint AS output_tokens, sum(r.tokens_charged)::bigint AS tokens_charged, sum(r.cost_usd) AS cost_usd,
       {durations} AS duration_counts
FROM {table} r
LEFT JOIN front_end_keys f ON $2 = 'front_end' AND f.id = r.front_end_key_id
WHERE r.local_day BETWEEN $3 AND $4 AND ($5::text IS NULL OR r.model_asked = $5)
GROUP BY 1, 2
