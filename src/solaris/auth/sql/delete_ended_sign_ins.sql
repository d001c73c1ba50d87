-- Deletes revocations of expired tokens, failures that no longer count, and widget tokens that
-- ended a month ago.
WITH tokens AS (
    DELETE FROM revoked_tokens WHERE expires_at < $1::timestamptz RETURNING 1
), failures AS (
    DELETE FROM sign_in_failures
    WHERE last_failed_at < $1 - interval '1 day' AND (locked_until IS NULL OR locked_until < $1)
    RETURNING 1
), widgets AS (
    DELETE FROM widget_tokens WHERE expires_at < $1 - interval '30 days' RETURNING 1
)
SELECT (SELECT count(*) FROM tokens) + (SELECT count(*) FROM failures) + (SELECT count(*) FROM widgets)
