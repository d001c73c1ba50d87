-- Cancels a user's pending request; no row if it is not pending.
UPDATE credit_requests SET state = 'cancelled', decided_at = now(), decided_by = $1
WHERE user_id = $1 AND ticket_number = $2 AND state = 'pending'
RETURNING *
