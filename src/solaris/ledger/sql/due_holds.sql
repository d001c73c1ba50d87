-- Holds with an expired lease, oldest first.
SELECT user_id, request_id FROM holds WHERE state = 'open' AND expires_at <= coalesce($1, now()) ORDER BY expires_at LIMIT $2
