-- The figures that those of the moment $1 compare with: yesterday until the same time, last month until the same day and time (its
-- last day, where it is shorter). Days are the customer's. The day's charges come from its events: a rollup has no time of day.
SELECT ends.day_end AS until, ends.month_end AS month_until,
       (SELECT count(*) FROM users WHERE created_at < ends.day_end) AS total_users,
       (SELECT count(*) FROM users WHERE created_at >= ends.day::timestamptz AND created_at < ends.day_end) AS new_users_today,
       charged.users AS active_users_today, charged.tokens AS tokens_consumed_today,
       bought.revenue_today, bought.credits_purchased_today, month.revenue_month
FROM (
    SELECT $1::timestamptz - interval '1 day' AS day_end, ($1::timestamptz - interval '1 day')::date AS day,
           $1::timestamptz - interval '1 month' AS month_end
) AS ends
CROSS JOIN LATERAL (
    SELECT count(*) AS users, coalesce(sum(tokens), 0)::bigint AS tokens
    FROM (
        SELECT sum(tokens_charged) AS tokens FROM usage_events
        WHERE local_day = ends.day AND occurred_at < ends.day_end AND tokens_charged > 0
        GROUP BY user_id
    ) AS users
) AS charged
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
