-- A user's API keys without their hashes.
SELECT id, name, prefix, created_at, last_used_at, revoked_at
FROM api_keys
WHERE user_id = $1
ORDER BY created_at DESC, id
LIMIT 200
