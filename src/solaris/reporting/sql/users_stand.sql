-- How many users of a plan ($4) and a band of usage ($1 to $2) stand in each state, how many users there are, and the ids of those
-- who stand in the state $3 too, from $6 on, $5 at most, in the order of {figure}. Everybody's standing is worked out once.
-- Follows the CTE `standings`.
-- The percent is rounded only for those near the band: that is what takes long.
, kept AS MATERIALIZED (
    SELECT t.id, t.state, {figure} AS figure,
           ($1::float8 IS NULL OR (t.unrounded_percent >= $1 - 0.01 AND t.usage_percent >= $1))
           AND ($2::float8 IS NULL OR (t.unrounded_percent <= $2 + 0.01 AND t.usage_percent <= $2))
           AND ($4::text IS NULL OR t.id IN (SELECT s.user_id FROM subscriptions s WHERE s.active AND s.plan_type = $4)) AS is_wanted
    FROM standings t
)
SELECT ARRAY(SELECT id FROM kept WHERE is_wanted AND ($3::text IS NULL OR state = $3)
             ORDER BY figure {direction}, id LIMIT $5 OFFSET $6) AS ids,
       (SELECT count(*) FROM kept) AS users,
       coalesce((SELECT jsonb_object_agg(state, users)
                 FROM (SELECT state, count(*) AS users FROM kept WHERE is_wanted GROUP BY state) AS c), '{}'::jsonb) AS users_by_state
