-- One user's credit requests, newest first, after a cursor.
SELECT * FROM credit_requests
WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
ORDER BY created_at DESC, id DESC
LIMIT $4
