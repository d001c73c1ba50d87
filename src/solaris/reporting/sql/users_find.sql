-- The ids of one page of the matching users, in order, and the number of matches per state,
-- regardless of the state filter. Follows the CTE `balances`. For filters by user attributes.
, matching AS MATERIALIZED (
    SELECT id, state,
           CASE $11 WHEN 'name' THEN folded_text(name) WHEN 'email' THEN coalesce(email, contact_email, '') END AS text_key,
           CASE $11 WHEN 'created_at' THEN extract(epoch FROM created_at)::float8
                    WHEN 'usage_percent' THEN unrounded_percent
                    WHEN 'tokens_used' THEN used::float8
                    WHEN 'tokens_remaining' THEN tokens_remaining::float8 END AS number_key
    FROM balances
    WHERE ($1::text[] IS NULL
           OR concat_ws(' ', folded_text(name), lower(email), lower(contact_email)) LIKE ALL ($1)
           OR starts_with(id::text, $2::text))
      AND ($4::text IS NULL OR plan = $4)
      AND ($5::float8 IS NULL OR usage_percent >= $5)
      AND ($6::float8 IS NULL OR usage_percent <= $6)
      AND ($7::date IS NULL OR created_at >= $7::date::timestamptz)
      AND ($8::date IS NULL OR created_at < ($8::date + 1)::timestamptz)
      AND ($9::text IS NULL OR role = $9)
)
SELECT ARRAY(
           SELECT id
           FROM matching
           WHERE $3::text IS NULL OR state = $3
           ORDER BY CASE WHEN $12 THEN NULL ELSE text_key END, CASE WHEN $12 THEN text_key END DESC,
                    CASE WHEN $12 THEN -number_key ELSE number_key END, id
           LIMIT $10 OFFSET $13
       ) AS ids,
       coalesce((SELECT jsonb_object_agg(state, users) FROM (SELECT state, count(*) AS users FROM matching GROUP BY state) AS c),
                '{}'::jsonb) AS users_by_state
