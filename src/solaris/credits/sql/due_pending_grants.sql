-- Pending grants past their time, locked; those that another transaction decides are left to it.
SELECT id FROM pending_grants
WHERE state = 'pending' AND expires_at <= now()
ORDER BY expires_at
LIMIT $1
FOR UPDATE SKIP LOCKED
