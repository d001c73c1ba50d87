-- Role and state of a token's user, their plan's rates, and whether the token $2, issued at $3, is
-- revoked.
SELECT u.role, u.active, r.requests_per_minute, r.tokens_per_minute, r.concurrent_calls, coalesce(c.is_temporary, false) AS must_change_password,
       coalesce($3 < c.tokens_valid_from, false) OR EXISTS (SELECT FROM revoked_tokens WHERE jti = $2) AS revoked
FROM users u
JOIN user_rates r ON r.user_id = u.id
LEFT JOIN credentials c ON c.user_id = u.id
WHERE u.id = $1
