-- Sets the outcome of a demo request.
UPDATE credit_requests
SET state = $2, decided_at = $3, decided_by = $4, decision_reason = $5, transaction_id = $6
WHERE id = $1 AND state = 'pending'
