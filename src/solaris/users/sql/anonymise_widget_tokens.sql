-- Revokes a user's widget tokens and removes their origins.
UPDATE widget_tokens SET revoked_at = coalesce(revoked_at, now()), origin = '' WHERE user_id = $1
