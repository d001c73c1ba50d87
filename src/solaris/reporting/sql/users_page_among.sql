-- One page of the users $1, sorted by an attribute.
SELECT u.id FROM users u WHERE u.id = ANY ($1::uuid[]) ORDER BY {order}, u.id LIMIT $2 OFFSET $3
