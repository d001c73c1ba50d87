-- Credit transactions of the days $1 to $2 by type.
SELECT transaction_type, count(*) AS transactions, sum(tokens_added)::bigint AS tokens_added, sum(amount_paid) AS amount_paid
FROM credit_transactions
WHERE created_at >= $1::date::timestamptz AND created_at < ($2::date + 1)::timestamptz
GROUP BY 1
ORDER BY 4 DESC, 1
