-- Every model we know something of; whether LiteLLM serves it is LiteLLM's to say.
SELECT name, input_weight, cached_input_weight, output_weight, reasoning_weight, output_limit_tokens, tokenizer, prompt_factor, active
FROM models
