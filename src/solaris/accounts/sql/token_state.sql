-- What a token's user is today, and whether the token $2, issued at $3, still counts.
SELECT u.role, u.active,
       coalesce($3 < c.tokens_valid_from, false) OR EXISTS (SELECT FROM revoked_tokens WHERE jti = $2) AS revoked
FROM users u
LEFT JOIN credentials c ON c.user_id = u.id
WHERE u.id = $1
