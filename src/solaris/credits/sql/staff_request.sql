-- One credit request, with
-- whose it is and who decided it.
SELECT r.*, u.name AS user_name, coalesce(u.email, u.contact_email) AS user_email,
       coalesce(nullif(d.name, ''), d.email) AS decided_by_name
FROM credit_requests r
JOIN users u ON u.id = r.user_id
LEFT JOIN users d ON d.id = r.decided_by
WHERE r.ticket_number = $1
