-- The user of a widget token in force.
SELECT u.id AS user_id, u.active, w.id
FROM widget_tokens w
JOIN users u ON u.id = w.user_id
LEFT JOIN credentials c ON c.user_id = u.id
WHERE w.token_hash = $1 AND w.revoked_at IS NULL AND w.expires_at > now()
  AND w.created_at >= coalesce(c.tokens_valid_from, '-infinity')
