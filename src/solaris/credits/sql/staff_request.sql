-- One credit request with its user, its decider, and its pending grant, if any.
SELECT r.*, u.name AS user_name, coalesce(u.email, u.contact_email) AS user_email,
       coalesce(nullif(d.name, ''), d.email) AS decided_by_name,
       g.id AS pending_grant_id, g.asked_by, coalesce(nullif(a.name, ''), a.email) AS asked_by_name
FROM credit_requests r
JOIN users u ON u.id = r.user_id
LEFT JOIN users d ON d.id = r.decided_by
LEFT JOIN pending_grants g ON g.ticket_number = r.ticket_number AND g.state = 'pending' AND g.expires_at > now()
LEFT JOIN users a ON a.id = g.asked_by
WHERE r.ticket_number = $1
