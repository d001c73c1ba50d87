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
