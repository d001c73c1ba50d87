-- Entries of the audit log, newest first, with the names of the actor and of the user concerned,
-- and whether that user is anonymised.
SELECT a.id, a.created_at, a.actor_id, p.name AS actor_name, p.email AS actor_email, a.actor_role, a.action, a.entity, a.entity_id,
       CASE WHEN a.entity = 'user' THEN coalesce(nullif(u.name, ''), u.email, u.contact_email) END AS entity_label, a.before, a.after, a.trace_id,
       u.anonymised_at IS NOT NULL AS anonymised
FROM audit_log a
LEFT JOIN users p ON p.id = a.actor_id
LEFT JOIN users u ON u.id = CASE a.entity
    WHEN 'user' THEN a.entity_id::uuid
    WHEN 'api_key' THEN (SELECT k.user_id FROM api_keys k WHERE k.id = a.entity_id::uuid)
    WHEN 'widget_token' THEN (SELECT t.user_id FROM widget_tokens t WHERE t.id = a.entity_id::uuid)
    WHEN 'credit_transaction' THEN (SELECT t.user_id FROM credit_transactions t WHERE t.id = a.entity_id::uuid)
    WHEN 'pending_grant' THEN (SELECT g.user_id FROM pending_grants g WHERE g.id = a.entity_id::uuid)
    WHEN 'credit_request' THEN (SELECT r.user_id FROM credit_requests r WHERE r.ticket_number = a.entity_id)
END
WHERE ($1::uuid IS NULL OR a.actor_id = $1) AND ($2::text IS NULL OR a.action = $2)
  AND ($3::text IS NULL OR starts_with(a.action, $3)) AND ($4::text IS NULL OR a.entity = $4)
  AND ($5::text IS NULL OR a.entity_id = $5)
  AND a.created_at >= $6::date::timestamptz AND ($7::date = 'infinity' OR a.created_at < ($7::date + 1)::timestamptz)
  AND (a.created_at, a.id) < ($8::timestamptz, $9::uuid)
ORDER BY a.created_at DESC, a.id DESC
LIMIT $10
