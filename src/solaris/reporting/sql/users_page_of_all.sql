-- One page of all users, sorted by an attribute.
SELECT u.id FROM users u ORDER BY {order}, u.id LIMIT $1 OFFSET $2
