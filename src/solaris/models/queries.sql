-- name: keep_prompt_factors
-- Stores the learned state, and the factor in `models`.
WITH learned AS (
    SELECT * FROM unnest($1::text[], $2::numeric[], $3::bigint[], $4::numeric[], $5::numeric[])
        AS l (model, factor, samples, counted_tokens, provider_tokens)
), changed AS (
    UPDATE models m SET prompt_factor = l.factor, updated_at = now()
    FROM learned l
    WHERE m.name = l.model AND m.prompt_factor <> l.factor
)
INSERT INTO prompt_factors AS p (model, factor, samples, counted_tokens, told_tokens, learned_until)
SELECT model, factor, samples, counted_tokens, provider_tokens, $6 FROM learned
ON CONFLICT (model) DO UPDATE
SET factor = excluded.factor, samples = excluded.samples, counted_tokens = excluded.counted_tokens,
    told_tokens = excluded.told_tokens, learned_until = excluded.learned_until, updated_at = now()

-- name: keep_served_names
-- Replaces the stored names by those in $1; $2 holds the targets of each as a JSON list.
WITH given AS (
    SELECT name, ARRAY(SELECT jsonb_array_elements_text(targets::jsonb)) AS targets
    FROM unnest($1::text[], $2::text[]) AS given (name, targets)
),
gone AS (
    DELETE FROM served_names WHERE name <> ALL ($1::text[])
)
INSERT INTO served_names AS s (name, targets)
SELECT name, targets FROM given
ON CONFLICT (name) DO UPDATE SET targets = excluded.targets, read_at = now()
WHERE s.targets IS DISTINCT FROM excluded.targets

-- name: models
-- All models with stored data, whether or not LiteLLM serves them. A model without a row in
-- `models` may have a learned factor. hidden_output_tokens is null below ten samples.
WITH hidden AS (
    SELECT model, CASE WHEN samples >= 10 THEN round(hidden_tokens / calls)::bigint END AS tokens FROM hidden_output
)
SELECT name, input_weight, cached_input_weight, output_weight, reasoning_weight, output_limit_tokens, tokenizer, prompt_factor, active,
       true AS listed, hidden.tokens AS hidden_output_tokens
FROM models LEFT JOIN hidden ON hidden.model = models.name
UNION ALL
SELECT model, 1, 1, 1, 1, $1, 'o200k_base', coalesce(factor, 1), true, false, hidden.tokens
FROM prompt_factors FULL JOIN hidden USING (model)
WHERE NOT EXISTS (SELECT FROM models WHERE name = model)

-- name: prompt_samples
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

-- name: put_model
-- Inserts or updates a model's weights and limits; no row if the existing updated_at is not $8.
INSERT INTO models AS m (name, input_weight, cached_input_weight, output_weight, reasoning_weight, output_limit_tokens, tokenizer, active)
VALUES ($1, $2, $3, $4, $5, $6, $7, $9)
ON CONFLICT (name) DO UPDATE
SET input_weight = $2, cached_input_weight = $3, output_weight = $4, reasoning_weight = $5, output_limit_tokens = $6, tokenizer = $7,
    active = $9, updated_at = now()
WHERE m.updated_at = $8
RETURNING name

-- name: staff_models
-- All models, or the one named $1: those in `models`, those called in the last week, and LiteLLM's
-- patterns and aliases. updated_at is null for those without a row in `models`.
SELECT m.name, m.input_weight, m.cached_input_weight, m.output_weight, m.reasoning_weight, m.output_limit_tokens, m.tokenizer,
       m.prompt_factor, m.active, m.updated_at, coalesce(s.targets, '{}') AS targets
FROM models m
LEFT JOIN served_names s ON s.name = m.name
WHERE $1::text IS NULL OR m.name = $1
UNION ALL
SELECT o.name, 1, 1, 1, 1, 4096, 'o200k_base', 1, true, NULL, coalesce(s.targets, '{}')
FROM (SELECT model AS name FROM traffic_minutes WHERE minute > now() - interval '7 days' UNION SELECT name FROM served_names) AS o
LEFT JOIN served_names s ON s.name = o.name
WHERE $1::text IS NULL AND NOT EXISTS (SELECT FROM models m WHERE m.name = o.name)
ORDER BY 1
