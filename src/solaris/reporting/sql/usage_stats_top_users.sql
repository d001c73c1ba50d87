-- The $4 users with the most tokens charged on the days $1..$2, with the model $3 or all, most
-- first. An upper bound of each user's tokens comes from the full months around many days ($5)
-- plus what is not counted by months yet, else from the days themselves. Likely top users are
-- summed exactly; a user whose bound is below the least of them is skipped.
WITH progress AS (
    SELECT CASE WHEN $5 THEN users_rolled_until ELSE '-infinity' END AS day FROM rollup_progress
), bounds AS MATERIALIZED (
    SELECT user_id, sum(tokens) AS most
    FROM (
        SELECT m.user_id, m.tokens_charged AS tokens
        FROM usage_user_months m
        WHERE $5 AND m.month >= date_trunc('month', $1::date)::date AND m.month <= $2 AND m.model_asked = coalesce($3::text, '')
        UNION ALL
        SELECT t.user_id, t.tokens_used
        FROM token_usage t
        WHERE $3::text IS NULL AND t.usage_date >= $1 AND t.usage_date >= (SELECT day FROM progress) AND t.usage_date <= $2
        UNION ALL
        SELECT e.user_id, e.tokens_charged
        FROM usage_events e
        WHERE $3::text IS NOT NULL AND e.model_asked = $3
          AND e.local_day >= $1 AND e.local_day >= (SELECT day FROM progress) AND e.local_day <= $2
    ) AS parts
    GROUP BY user_id
), likeliest AS MATERIALIZED (
    SELECT s.tokens
    FROM (SELECT user_id FROM bounds ORDER BY most DESC LIMIT $4) AS b
    CROSS JOIN LATERAL ({sum}) AS s
), sums AS (
    SELECT b.user_id, s.tokens
    FROM bounds b
    CROSS JOIN LATERAL ({sum}) AS s
    WHERE b.most >= (SELECT CASE WHEN count(tokens) = $4 THEN min(tokens) ELSE 0 END FROM likeliest)
)
SELECT user_id FROM sums WHERE tokens > 0 ORDER BY tokens DESC, user_id LIMIT $4
