-- Balance views of the users $1: the wallet, the highest unacknowledged threshold of its present
-- alert round, and the last credit transaction. A wallet of a past period counts as none.
SELECT u.id AS user_id, u.active,
       w.period_start, w.allowance, w.allowance_used, w.credits, w.held, w.used, w.overage, w.refused_tokens,
       a.alert_percent, t.id AS transaction_id, t.tokens_added, t.transaction_type, t.created_at AS granted_at
FROM unnest($1::uuid[]) AS wanted (user_id)
JOIN users u ON u.id = wanted.user_id
LEFT JOIN wallets w ON w.user_id = u.id AND w.period_start >= date_trunc('month', now())::date
LEFT JOIN LATERAL (
    SELECT max(threshold_percent) AS alert_percent
    FROM usage_alerts
    WHERE user_id = u.id AND period_start = w.period_start AND alert_round = w.alert_round AND acknowledged_at IS NULL
) a ON true
LEFT JOIN LATERAL (
    SELECT id, tokens_added, transaction_type, created_at
    FROM credit_transactions
    WHERE user_id = u.id
    ORDER BY created_at DESC, id DESC
    LIMIT 1
) t ON true
