-- The user with this id at this front end, with their plan's limits, name and address.
-- profile_follows: name and address follow the front end, which created the account; false once the
-- user has a password.
SELECT u.id, u.active, r.requests_per_minute, r.tokens_per_minute, r.concurrent_calls, u.name, u.email, u.contact_email,
       u.name_by_staff, u.contact_by_staff,
       i.made_account AND u.role = 'user' AND NOT EXISTS (SELECT FROM credentials c WHERE c.user_id = u.id) AS profile_follows
FROM identities i
JOIN users u ON u.id = i.user_id
JOIN user_rates r ON r.user_id = u.id
WHERE i.front_end_key_id = $1 AND i.external_id = $2
