-- Credit transactions of all users with user, actor and request, newest first, after a cursor.
SELECT t.id, t.user_id, u.name AS user_name, coalesce(u.email, u.contact_email) AS user_email, t.transaction_type, t.tokens_added,
       t.amount_paid, CASE WHEN u.anonymised_at IS NULL THEN t.note ELSE '' END AS note, t.created_at, t.actor_id, coalesce(nullif(a.name, ''), a.email) AS actor_name, r.ticket_number,
       r.package_id
FROM credit_transactions t
JOIN users u ON u.id = t.user_id
LEFT JOIN users a ON a.id = t.actor_id
LEFT JOIN credit_requests r ON r.transaction_id = t.id
WHERE ($1::uuid IS NULL OR t.user_id = $1) AND ($2::text IS NULL OR t.transaction_type = $2)
  AND ($3::uuid IS NULL OR t.actor_id = $3)
  AND t.created_at >= $4::date::timestamptz AND ($5::date = 'infinity' OR t.created_at < ($5::date + 1)::timestamptz)
  AND (t.created_at, t.id) < ($6::timestamptz, $7::uuid)
ORDER BY t.created_at DESC, t.id DESC
LIMIT $8
