-- Revokes a user's key; no row if the user has no such key in force.
UPDATE api_keys SET revoked_at = now()
WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL
RETURNING name, prefix
