-- Adds the measurements of one process; after 500 new calls the earlier ones weigh 37 %. A name that
-- a caller may have made up gets a row of its own only while there are fewer than $5.
INSERT INTO hidden_output AS h (model, samples, calls, hidden_tokens)
SELECT model, calls, calls, hidden
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::boolean[]) AS learned (model, calls, hidden, is_made_up)
WHERE NOT is_made_up
   OR EXISTS (SELECT FROM hidden_output AS known WHERE known.model = learned.model)
   OR (SELECT count(*) FROM hidden_output) < $5
ON CONFLICT (model) DO UPDATE
SET samples = h.samples + excluded.samples,
    calls = h.calls * exp(-excluded.samples::numeric / 500) + excluded.calls,
    hidden_tokens = h.hidden_tokens * exp(-excluded.samples::numeric / 500) + excluded.hidden_tokens,
    updated_at = now()
