-- Removes the texts of a user's credit requests, and cancels pending ones.
UPDATE credit_requests
SET note = '', decision_reason = NULL, state = CASE WHEN state = 'pending' THEN 'cancelled' ELSE state END,
    decided_at = CASE WHEN state = 'pending' THEN now() ELSE decided_at END
WHERE user_id = $1
