-- Pending grants past their expiry, locked; rows locked by other transactions are skipped.
SELECT id FROM pending_grants
WHERE state = 'pending' AND expires_at <= now()
ORDER BY expires_at
LIMIT $1
FOR UPDATE SKIP LOCKED
