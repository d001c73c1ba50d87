-- A user's keys in force, newest first.
SELECT id, name, prefix, created_at, last_used_at
FROM api_keys
WHERE user_id = $1 AND revoked_at IS NULL
ORDER BY created_at DESC, id
