-- The number of users of a plan ($4) and a usage band ($1 to $2) in each state, the number of all
-- users, and the ids of those also in state $3, from $6 on, at most $5, sorted by {figure}.
-- Follows the CTE `standings`. Each standing is computed once; the percent is rounded only near
-- the band's limits, since rounding is slow.
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
