-- The users with the most tokens charged, the most first: from the days' rollup, or with a model ($3) from its events.
SELECT user_id FROM (
    SELECT user_id, sum(tokens_used) AS tokens FROM token_usage
    WHERE $3::text IS NULL AND usage_date BETWEEN $1 AND $2
    GROUP BY user_id
    UNION ALL
    SELECT user_id, sum(tokens_charged) AS tokens FROM usage_events
    WHERE $3::text IS NOT NULL AND local_day BETWEEN $1 AND $2 AND model_asked = $3
    GROUP BY user_id
) AS users
ORDER BY tokens DESC, user_id
LIMIT $4
