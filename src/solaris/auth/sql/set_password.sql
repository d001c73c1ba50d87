-- Gives a user a password; tokens issued before $3 (null: before now) are refused from here on. $4: it is staff's, and
-- to be replaced by one of his own.
INSERT INTO credentials (user_id, password_hash, tokens_valid_from, changed_at, is_temporary)
VALUES ($1, $2, coalesce($3, now()), now(), $4)
ON CONFLICT (user_id) DO UPDATE
SET password_hash = excluded.password_hash, tokens_valid_from = excluded.tokens_valid_from, changed_at = now(),
    is_temporary = excluded.is_temporary
