-- Locks a plan until the transaction ends.
SELECT FROM plans WHERE plan_type = $1 FOR NO KEY UPDATE
