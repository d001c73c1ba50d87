-- Providers' counts of plain prompts since the last run beside ours: the newest samples of each
-- model, with the state learned before. A prompt weighs at most $5 tokens; samples whose counts
-- differ more than any tokenizer explains are left out.
WITH recent AS MATERIALIZED (
    SELECT user_id, request_id, model_asked, occurred_at, input_tokens
    FROM usage_events
    WHERE occurred_at > $1::timestamptz AND occurred_at <= $2::timestamptz
      AND local_day BETWEEN ($1::timestamptz)::date - 1 AND ($2::timestamptz)::date + 1
      AND NOT estimated AND ending = 'complete' AND input_tokens > 0
    ORDER BY occurred_at DESC
    LIMIT $3
), sampled AS (
    SELECT r.model_asked, r.input_tokens::numeric AS provided, c.counted,
           row_number() OVER (PARTITION BY r.model_asked ORDER BY r.occurred_at DESC) AS place
    FROM recent r
    JOIN holds h USING (user_id, request_id)
    CROSS JOIN LATERAL (SELECT coalesce(h.counted_tokens, (h.call ->> 'counted_tokens')::bigint)::numeric AS counted) c
    WHERE c.counted > 0 AND r.input_tokens BETWEEN c.counted * 0.3 AND c.counted * 5
)
SELECT s.model_asked AS model, count(*) AS samples, sum(least(counted, $5::numeric)) AS counted_tokens,
       sum(provided * least(counted, $5::numeric) / counted) AS provider_tokens,
       coalesce(max(m.prompt_factor), max(p.factor), 1) AS factor_before, coalesce(max(p.samples), 0) AS samples_before,
       coalesce(max(p.counted_tokens), 0) AS counted_tokens_before, coalesce(max(p.told_tokens), 0) AS provider_tokens_before
FROM sampled s
LEFT JOIN prompt_factors p ON p.model = s.model_asked
LEFT JOIN models m ON m.name = s.model_asked
WHERE s.place <= $4
GROUP BY s.model_asked
