-- Inserts or updates a model's weights and limits; no row if the existing updated_at is not $8.
INSERT INTO models AS m (name, input_weight, cached_input_weight, output_weight, reasoning_weight, output_limit_tokens, tokenizer, active)
VALUES ($1, $2, $3, $4, $5, $6, $7, $9)
ON CONFLICT (name) DO UPDATE
SET input_weight = $2, cached_input_weight = $3, output_weight = $4, reasoning_weight = $5, output_limit_tokens = $6, tokenizer = $7,
    active = $9, updated_at = now()
WHERE m.updated_at = $8
RETURNING name
