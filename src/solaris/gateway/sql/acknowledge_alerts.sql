-- Acknowledges the user's alerts of the current round up to a threshold; returns the highest that
-- is still to be shown.
WITH acknowledged AS (
    UPDATE usage_alerts a SET acknowledged_at = now()
    FROM wallets w
    WHERE w.user_id = $1 AND a.user_id = $1 AND a.period_start = w.period_start AND a.alert_round = w.alert_round
      AND a.threshold_percent <= $2 AND a.acknowledged_at IS NULL
)
SELECT max(a.threshold_percent)
FROM usage_alerts a
JOIN wallets w ON w.user_id = a.user_id AND w.period_start = a.period_start AND w.alert_round = a.alert_round
WHERE a.user_id = $1 AND a.threshold_percent > $2 AND a.acknowledged_at IS NULL
