-- One page of all users, in the order of what they are.
SELECT u.id FROM users u ORDER BY {order}, u.id LIMIT $1 OFFSET $2
