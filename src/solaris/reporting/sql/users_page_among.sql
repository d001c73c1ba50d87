-- One page of the users $1, in the order of what they are.
SELECT u.id FROM users u WHERE u.id = ANY ($1::uuid[]) ORDER BY {order}, u.id LIMIT $2 OFFSET $3
