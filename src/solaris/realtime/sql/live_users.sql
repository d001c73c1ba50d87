-- Today's total tokens, and those of the top $1 users.
SELECT NULL::uuid AS user_id, coalesce(sum(tokens_used), 0)::bigint AS tokens FROM token_usage WHERE usage_date = CURRENT_DATE
UNION ALL
(SELECT user_id, tokens_used FROM token_usage WHERE usage_date = CURRENT_DATE ORDER BY tokens_used DESC LIMIT $1)
