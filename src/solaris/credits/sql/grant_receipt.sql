-- What was answered when these credits were added: written to the audit log in the granting transaction.
SELECT after FROM audit_log
WHERE entity = 'credit_transaction' AND entity_id = $1 AND action = $2
ORDER BY created_at
LIMIT 1
