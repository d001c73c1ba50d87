-- Gives a user a password; tokens issued before $3 (null: before now) are refused from here on.
INSERT INTO credentials (user_id, password_hash, tokens_valid_from, changed_at)
VALUES ($1, $2, coalesce($3, now()), now())
ON CONFLICT (user_id) DO UPDATE
SET password_hash = excluded.password_hash, tokens_valid_from = excluded.tokens_valid_from, changed_at = now()
