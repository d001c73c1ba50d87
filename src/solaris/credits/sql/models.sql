-- Every model we know something of, or the one named; also those that were called in the last week and are not in the table, which
-- count with weight 1.
SELECT m.name, m.input_weight, m.cached_input_weight, m.output_weight, m.reasoning_weight, m.output_limit_tokens, m.tokenizer,
       m.prompt_factor, m.active, m.updated_at
FROM models m
WHERE $1::text IS NULL OR m.name = $1
UNION ALL
SELECT t.model, 1, 1, 1, 1, 4096, 'o200k_base', 1, true, NULL
FROM (SELECT DISTINCT model FROM traffic_minutes WHERE minute > now() - interval '7 days') AS t
WHERE $1::text IS NULL AND NOT EXISTS (SELECT FROM models m WHERE m.name = t.model)
ORDER BY 1
