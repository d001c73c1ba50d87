-- The alerts sent to one user, newest first, after a position.
SELECT id, period_start, threshold_percent, usage_percent, created_at, acknowledged_at
FROM usage_alerts
WHERE user_id = $1 AND (created_at, id) < ($2::timestamptz, $3::uuid)
ORDER BY created_at DESC, id DESC
LIMIT $4
