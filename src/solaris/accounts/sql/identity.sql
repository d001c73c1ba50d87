-- The user behind a front end's id.
SELECT u.id, u.active
FROM identities i
JOIN users u ON u.id = i.user_id
WHERE i.front_end_key_id = $1 AND i.external_id = $2
