-- Credit requests with user, decider and pending grant, newest first, after a cursor.
SELECT r.*, u.name AS user_name, coalesce(u.email, u.contact_email) AS user_email,
       coalesce(nullif(d.name, ''), d.email) AS decided_by_name,
       g.id AS pending_grant_id, g.asked_by, coalesce(nullif(a.name, ''), a.email) AS asked_by_name
FROM credit_requests r
JOIN users u ON u.id = r.user_id
LEFT JOIN users d ON d.id = r.decided_by
LEFT JOIN pending_grants g ON g.ticket_number = r.ticket_number AND g.state = 'pending' AND g.expires_at > now()
LEFT JOIN users a ON a.id = g.asked_by
WHERE ($1::text IS NULL OR r.state = $1) AND ($2::text IS NULL OR r.urgency = $2) AND ($3::uuid IS NULL OR r.user_id = $3)
  AND r.created_at >= $4::date::timestamptz AND ($5::date = 'infinity' OR r.created_at < ($5::date + 1)::timestamptz)
  AND (r.created_at, r.id) < ($6::timestamptz, $7::uuid)
ORDER BY r.created_at DESC, r.id DESC
LIMIT $8
