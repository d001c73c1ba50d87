-- Sums of credits per bucket ($3: day, month, or all for one bucket) of the days $1 to $2, empty
-- ones included. Credits spent come from the events that credits paid.
WITH buckets AS (
    SELECT CASE $3 WHEN 'all' THEN $1::date WHEN 'month' THEN date_trunc('month', d.day)::date ELSE d.day::date END AS first_day
    FROM generate_series($1::date::timestamp, $2::date::timestamp, interval '1 day') AS d (day)
    GROUP BY 1
), granted AS (
    SELECT CASE $3 WHEN 'all' THEN $1::date ELSE date_trunc($3, t.created_at)::date END AS first_day,
           sum(t.amount_paid) FILTER (WHERE t.transaction_type IN ('purchase', 'refund')) AS revenue_brl,
           -sum(t.amount_paid) FILTER (WHERE t.transaction_type = 'refund') AS refunds_brl,
           count(*) FILTER (WHERE t.transaction_type = 'purchase') AS purchases,
           count(DISTINCT t.user_id) FILTER (WHERE t.transaction_type = 'purchase') AS buyers,
           sum(t.tokens_added) FILTER (WHERE t.transaction_type = 'purchase') AS tokens_sold,
           sum(t.tokens_added) FILTER (WHERE t.transaction_type <> 'purchase' AND t.tokens_added > 0) AS tokens_given,
           -sum(t.tokens_added) FILTER (WHERE t.tokens_added < 0) AS tokens_taken_back
    FROM credit_transactions t
    WHERE t.created_at >= $1::date::timestamptz AND t.created_at < ($2::date + 1)::timestamptz
    GROUP BY 1
), spent AS (
    SELECT CASE $3 WHEN 'all' THEN $1::date ELSE date_trunc($3, e.local_day::timestamp)::date END AS first_day,
           sum(e.credits_part) AS credits_spent
    FROM usage_events e
    WHERE e.local_day BETWEEN $1 AND $2 AND e.credits_part > 0
    GROUP BY 1
)
SELECT greatest(b.first_day, $1::date) AS first_day, coalesce(g.revenue_brl, 0) AS revenue_brl, coalesce(g.refunds_brl, 0) AS refunds_brl,
       coalesce(g.purchases, 0) AS purchases, coalesce(g.buyers, 0) AS buyers, coalesce(g.tokens_sold, 0)::bigint AS tokens_sold,
       coalesce(g.tokens_given, 0)::bigint AS tokens_given, coalesce(g.tokens_taken_back, 0)::bigint AS tokens_taken_back,
       coalesce(s.credits_spent, 0)::bigint AS credits_spent
FROM buckets b
LEFT JOIN granted g ON g.first_day = b.first_day
LEFT JOIN spent s ON s.first_day = b.first_day
ORDER BY 1
