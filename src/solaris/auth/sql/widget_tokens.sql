-- A user's widget tokens in force: not those issued before the last password change.
SELECT w.id, w.origin, w.created_at, w.expires_at
FROM widget_tokens w
LEFT JOIN credentials c ON c.user_id = w.user_id
WHERE w.user_id = $1 AND w.revoked_at IS NULL AND w.expires_at > now()
  AND w.created_at >= coalesce(c.tokens_valid_from, '-infinity')
ORDER BY w.created_at DESC, w.id DESC
