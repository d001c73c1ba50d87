-- The users with the most tokens charged today.
SELECT t.user_id, u.name, coalesce(u.email, u.contact_email) AS email, s.plan_type,
       t.tokens_used AS tokens_consumed_today, t.tokens_remaining
FROM (
    SELECT user_id, tokens_used, tokens_remaining FROM token_usage
    WHERE usage_date = CURRENT_DATE
    ORDER BY tokens_used DESC, user_id
    LIMIT $1
) AS t
JOIN users u ON u.id = t.user_id
LEFT JOIN subscriptions s ON s.user_id = t.user_id AND s.active
ORDER BY t.tokens_used DESC, t.user_id
