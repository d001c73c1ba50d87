-- One user's use per hour or day (newest first), or per model (most tokens first).
SELECT CASE WHEN $5 = 'hour' THEN date_trunc('hour', occurred_at) END AS hour,
       CASE WHEN $5 = 'day' THEN local_day END AS day,
       CASE WHEN $5 = 'model' THEN model_asked END AS model,
       count(*) AS requests, sum(input_tokens)::bigint AS input_tokens, sum(output_tokens)::bigint AS output_tokens,
       sum(tokens_charged)::bigint AS tokens_charged
FROM usage_events
WHERE user_id = $1 AND local_day BETWEEN $2 AND $3 AND ($4::text IS NULL OR model_asked = $4)
GROUP BY 1, 2, 3
ORDER BY 1 DESC, 2 DESC, CASE WHEN $5 = 'model' THEN sum(tokens_charged) END DESC, 3
LIMIT $6
