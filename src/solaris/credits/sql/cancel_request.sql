-- The asker takes a pending request back; no row where it was decided before.
UPDATE credit_requests SET state = 'cancelled', decided_at = now(), decided_by = $1
WHERE user_id = $1 AND ticket_number = $2 AND state = 'pending'
RETURNING *
