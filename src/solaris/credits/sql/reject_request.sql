-- Rejects a pending request.
UPDATE credit_requests SET state = 'rejected', decided_at = now(), decided_by = $2, decision_reason = $3 WHERE ticket_number = $1
