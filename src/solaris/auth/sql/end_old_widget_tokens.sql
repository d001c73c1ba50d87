-- Revokes a user's widget tokens in force except the $2 newest.
UPDATE widget_tokens SET revoked_at = now()
WHERE id IN (
    SELECT id FROM widget_tokens
    WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now()
    ORDER BY created_at DESC, id DESC
    OFFSET $2
)
