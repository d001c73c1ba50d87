-- The figures to compare with those of the moment $1: yesterday until the same time, last month
-- until the same day and time (its last day, if it is shorter). Days are the customer's. The day's
-- tokens are those of its hours, plus the events of the hour not over then.
SELECT ends.day_end AS until, ends.month_end AS month_until,
       (SELECT count(*) FROM users WHERE created_at < ends.day_end) AS total_users,
       (SELECT count(*) FROM users WHERE created_at >= ends.day::timestamptz AND created_at < ends.day_end) AS new_users_today,
       charged.users AS active_users_today, used.tokens AS tokens_consumed_today,
       bought.revenue_today, bought.credits_purchased_today, month.revenue_month
FROM (
    SELECT $1::timestamptz - interval '1 day' AS day_end, ($1::timestamptz - interval '1 day')::date AS day,
           $1::timestamptz - interval '1 month' AS month_end
) AS ends
CROSS JOIN LATERAL (
    -- created_at is the day's first charge.
    SELECT count(*) AS users FROM token_usage WHERE usage_date = ends.day AND created_at < ends.day_end
) AS charged
CROSS JOIN LATERAL (
    SELECT least(date_trunc('hour', ends.day_end, 'UTC'), date_trunc('hour', usage_rolled_until, 'UTC')) AS at FROM rollup_progress
) AS cut
CROSS JOIN LATERAL (
    SELECT coalesce(sum(tokens), 0)::bigint AS tokens
    FROM (
        SELECT tokens_charged AS tokens FROM usage_hours WHERE local_day = ends.day AND hour < cut.at
        UNION ALL
        SELECT tokens_charged FROM usage_events WHERE local_day = ends.day AND occurred_at >= cut.at AND occurred_at < ends.day_end
    ) AS parts
) AS used
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount_paid), 0) AS revenue_today,
           count(*) FILTER (WHERE transaction_type = 'purchase') AS credits_purchased_today
    FROM credit_transactions
    WHERE created_at >= ends.day::timestamptz AND created_at < ends.day_end AND transaction_type IN ('purchase', 'refund')
) AS bought
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount_paid), 0) AS revenue_month
    FROM credit_transactions
    WHERE created_at >= date_trunc('month', ends.month_end) AND created_at < ends.month_end
      AND transaction_type IN ('purchase', 'refund')
) AS month
