-- A new widget token, valid for $4.
INSERT INTO widget_tokens (user_id, token_hash, origin, expires_at)
VALUES ($1, $2, $3, now() + $4::interval)
RETURNING id, origin, created_at, expires_at
