-- A user's keys, ended, without the names that he gave them.
UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()), name = 'anonimizada' WHERE user_id = $1
