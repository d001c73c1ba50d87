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
