-- The user of an API key with their plan's rates. Updates last_used_at at most every five minutes,
-- so that not every call writes.
WITH found AS (
    SELECT k.id, k.name, k.last_used_at, u.id AS user_id, u.role, u.active
    FROM api_keys k
    JOIN users u ON u.id = k.user_id
    WHERE k.key_hash = $1 AND k.revoked_at IS NULL
), noted AS (
    UPDATE api_keys SET last_used_at = now()
    WHERE id = (SELECT id FROM found WHERE last_used_at IS NULL OR last_used_at < now() - interval '5 minutes')
)
SELECT f.user_id, f.role, f.active, f.name, r.requests_per_minute, r.tokens_per_minute, r.concurrent_calls
FROM found f
JOIN user_rates r ON r.user_id = f.user_id
