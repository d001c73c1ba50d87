-- The recorded result of a grant, from the audit entry written in its transaction.
SELECT after FROM audit_log
WHERE entity = 'credit_transaction' AND entity_id = $1 AND action = $2
ORDER BY created_at
LIMIT 1
