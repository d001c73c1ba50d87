-- Sets a user's password and invalidates tokens issued before $3 (null: now). $4: it is temporary,
-- and the user has to change it.
INSERT INTO credentials (user_id, password_hash, tokens_valid_from, changed_at, is_temporary)
VALUES ($1, $2, coalesce($3, now()), now(), $4)
ON CONFLICT (user_id) DO UPDATE
SET password_hash = excluded.password_hash, tokens_valid_from = excluded.tokens_valid_from, changed_at = now(),
    is_temporary = excluded.is_temporary
