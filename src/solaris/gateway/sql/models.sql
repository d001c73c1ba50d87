-- Every model we know something of; whether LiteLLM serves it is LiteLLM's to say. A model that nobody has listed may still have
-- a learned factor.
SELECT name, input_weight, cached_input_weight, output_weight, reasoning_weight, output_limit_tokens, tokenizer, prompt_factor, active,
       true AS listed
FROM models
UNION ALL
SELECT model, 1, 1, 1, 1, $1, 'o200k_base', factor, true, false
FROM prompt_factors
WHERE NOT EXISTS (SELECT FROM models WHERE name = model)
