-- Purchases of the days $1 to $2 by package: that of the purchase's request, else the one with the
-- same number of tokens.
SELECT s.package_id, p.name, s.purchases, s.tokens, s.revenue_brl
FROM (
    SELECT coalesce(r.package_id, (SELECT k.id FROM packages k WHERE k.tokens = t.tokens_added ORDER BY k.active DESC, k.id LIMIT 1))
               AS package_id,
           count(*) AS purchases, sum(t.tokens_added)::bigint AS tokens, sum(t.amount_paid) AS revenue_brl
    FROM credit_transactions t
    LEFT JOIN credit_requests r ON r.transaction_id = t.id
    WHERE t.created_at >= $1::date::timestamptz AND t.created_at < ($2::date + 1)::timestamptz AND t.transaction_type = 'purchase'
    GROUP BY 1
) AS s
LEFT JOIN packages p ON p.id = s.package_id
ORDER BY s.revenue_brl DESC, s.package_id NULLS LAST
