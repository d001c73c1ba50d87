-- The figures of a day and a month that end at $1 (null: now), from small indexed ranges; the day is the customer's (the session's
-- time zone). A day that is over before $1's own midnight is read from its rollup; where $1 cuts it, from the events (dashboard_cut_day).
SELECT
    (SELECT count(*) FROM users WHERE $1::timestamptz IS NULL OR created_at < $1) AS total_users,
    (SELECT count(*) FROM users
     WHERE created_at >= ends.day::timestamptz AND ($1::timestamptz IS NULL OR created_at < $1)) AS new_users_today,
    month.revenue_today, month.revenue_month, month.purchases_today AS credits_purchased_today
FROM (SELECT coalesce($1::timestamptz, now())::date AS day) AS ends
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount_paid), 0) AS revenue_month,
           coalesce(sum(amount_paid) FILTER (WHERE created_at >= ends.day::timestamptz), 0) AS revenue_today,
           count(*) FILTER (WHERE created_at >= ends.day::timestamptz AND transaction_type = 'purchase') AS purchases_today
    FROM credit_transactions
    WHERE created_at >= date_trunc('month', ends.day::timestamptz) AND ($1::timestamptz IS NULL OR created_at < $1)
      AND transaction_type IN ('purchase', 'refund')
) AS month
