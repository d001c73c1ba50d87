-- Revokes a user's keys and replaces their names.
UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()), name = 'anonimizada' WHERE user_id = $1
