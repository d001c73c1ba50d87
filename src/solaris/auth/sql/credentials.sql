-- The password of the user with this verified address.
SELECT c.user_id, c.password_hash, c.is_temporary
FROM users u
JOIN credentials c ON c.user_id = u.id
WHERE u.email = $1 AND u.email_verified
