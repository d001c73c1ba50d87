-- Revokes a user's widget token; no row if the user has no such token in force.
UPDATE widget_tokens SET revoked_at = now()
WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > now()
RETURNING origin
