SELECT c.*, coalesce((SELECT t.tokens_added FROM credit_transactions t WHERE t.id = (c.change).transaction_id), 0) AS credits_tokens
FROM ledger_change_allowance_v1($1, $2, $3, $4, $5, $6, $7, coalesce($8, now())) AS c
