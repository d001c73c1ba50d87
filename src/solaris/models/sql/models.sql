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
