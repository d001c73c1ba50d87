-- A user's identities in front ends.
SELECT f.name AS front_end, f.kind, i.external_id, i.created_at
FROM identities i
JOIN front_end_keys f ON f.id = i.front_end_key_id
WHERE i.user_id = $1
ORDER BY i.created_at, f.name, i.external_id
LIMIT 200
