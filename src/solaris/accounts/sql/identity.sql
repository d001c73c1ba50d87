-- The user behind a front end's id, with the rates that his plan allows.
SELECT u.id, u.active, r.requests_per_minute, r.tokens_per_minute
FROM identities i
JOIN users u ON u.id = i.user_id
JOIN user_rates r ON r.user_id = u.id
WHERE i.front_end_key_id = $1 AND i.external_id = $2
