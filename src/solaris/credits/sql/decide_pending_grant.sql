-- Sets the final state of a pending grant. A trigger refuses a second decision.
UPDATE pending_grants
SET state = $2, decided_by = $3, decided_at = now(), decision_reason = $4, transaction_id = $5
WHERE id = $1
