-- One user's usage events as JSON, newest first, after a position.
SELECT e.id, e.occurred_at, to_jsonb(e) - 'user_id' AS event
FROM usage_events e
WHERE e.user_id = $1 AND ($2::timestamptz IS NULL OR (e.occurred_at, e.id) < ($2, $3::uuid))
ORDER BY e.occurred_at DESC, e.id DESC
LIMIT $4
