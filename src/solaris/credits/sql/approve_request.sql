-- Approves a pending request and stores the amount paid as its price.
UPDATE credit_requests
SET state = 'approved', decided_at = now(), decided_by = $2, decision_reason = $3, transaction_id = $4, amount_brl = $5
WHERE ticket_number = $1
