-- Payments for credits minus refunds, per bucket and key; keys as in usage_stats_events, but users
-- and plans only.
SELECT date_trunc($1, t.created_at) AS bucket,
       CASE $2 WHEN 'user' THEN CASE WHEN t.user_id = ANY ($6::uuid[]) THEN t.user_id::text ELSE '' END
               WHEN 'plan' THEN coalesce(s.plan_type, '')
               ELSE '' END AS key,
       sum(t.amount_paid) AS revenue_brl
FROM credit_transactions t
LEFT JOIN subscription_spans s
       ON $2 = 'plan' AND s.user_id = t.user_id AND t.created_at >= s.starts_at AND t.created_at < s.ends_at
WHERE t.created_at >= $3::date::timestamptz AND t.created_at < ($4::date + 1)::timestamptz AND ($5::uuid IS NULL OR t.user_id = $5)
  AND t.transaction_type IN ('purchase', 'refund')
GROUP BY 1, 2
