-- One user's credit transactions, newest first, after a cursor.
SELECT id, transaction_type, tokens_added, amount_paid, note, created_at FROM credit_transactions
WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
ORDER BY created_at DESC, id DESC
LIMIT $4
