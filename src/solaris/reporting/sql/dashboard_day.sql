-- The day's figures, from small indexed ranges; CURRENT_DATE is the customer's day (session time
-- zone).
SELECT
    (SELECT count(*) FROM users) AS total_users,
    (SELECT count(*) FROM users WHERE created_at >= CURRENT_DATE::timestamptz) AS new_users_today,
    day.users AS active_users_today,
    day.tokens AS tokens_consumed_today,
    month.revenue_today, month.revenue_month, month.purchases_today AS credits_purchased_today
FROM (
    SELECT count(*) AS users, coalesce(sum(tokens_used), 0)::bigint AS tokens
    FROM token_usage
    WHERE usage_date = CURRENT_DATE
) AS day
CROSS JOIN (
    SELECT coalesce(sum(amount_paid), 0) AS revenue_month,
           coalesce(sum(amount_paid) FILTER (WHERE created_at >= CURRENT_DATE::timestamptz), 0) AS revenue_today,
           count(*) FILTER (WHERE created_at >= CURRENT_DATE::timestamptz AND transaction_type = 'purchase') AS purchases_today
    FROM credit_transactions
    WHERE created_at >= date_trunc('month', CURRENT_DATE::timestamptz) AND transaction_type IN ('purchase', 'refund')
) AS month
