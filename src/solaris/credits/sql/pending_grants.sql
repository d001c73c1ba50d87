-- Grants that need a second person, newest first: all, or filtered by id, key or state. Pending
-- ones past their expiry are returned as expired.
SELECT g.id, g.user_id, g.tokens, g.amount_brl, g.transaction_type, g.reason, g.ticket_number, g.note, g.causes, g.asked_by, g.asked_at,
       g.expires_at, g.fingerprint, g.decided_by, g.decided_at, g.decision_reason, g.transaction_id, g.state,
       u.name AS user_name, coalesce(u.email, u.contact_email) AS user_email,
       coalesce(nullif(a.name, ''), a.email) AS asked_by_name, coalesce(nullif(d.name, ''), d.email) AS decided_by_name
FROM (
    SELECT p.id, p.user_id, p.tokens, p.amount_brl, p.transaction_type, p.reason, p.ticket_number, p.note, p.causes, p.asked_by,
           p.asked_at, p.expires_at, p.fingerprint, p.decided_by, p.decided_at, p.decision_reason, p.transaction_id, p.idempotency_key,
           CASE WHEN p.state = 'pending' AND p.expires_at <= now() THEN 'expired' ELSE p.state END AS state
    FROM pending_grants p
) g
JOIN users u ON u.id = g.user_id
JOIN users a ON a.id = g.asked_by
LEFT JOIN users d ON d.id = g.decided_by
WHERE ($1::uuid IS NULL OR g.id = $1) AND ($2::text IS NULL OR g.idempotency_key = $2) AND ($3::text IS NULL OR g.state = $3)
  AND (g.asked_at, g.id) < ($4::timestamptz, $5::uuid)
ORDER BY g.asked_at DESC, g.id DESC
LIMIT $6
