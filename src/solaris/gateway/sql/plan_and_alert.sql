-- A user's plan, and the highest threshold of the current round that is not acknowledged.
SELECT s.plan_type, s.monthly_tokens, a.alert_percent
FROM users u
LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
LEFT JOIN wallets w ON w.user_id = u.id
LEFT JOIN LATERAL (
    SELECT max(threshold_percent) AS alert_percent
    FROM usage_alerts
    WHERE user_id = u.id AND period_start = w.period_start AND alert_round = w.alert_round AND acknowledged_at IS NULL
) a ON true
WHERE u.id = $1
