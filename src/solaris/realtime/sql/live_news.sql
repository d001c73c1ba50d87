-- Events of the last $1 seconds: thresholds crossed, credits requested, credits granted.
SELECT n.kind, n.id, n.created_at, n.user_id, u.name, coalesce(u.email, u.contact_email) AS email, n.figures
FROM (
    (SELECT 'alert' AS kind, id, created_at, user_id,
            jsonb_build_object('threshold_percent', threshold_percent, 'usage_percent', usage_percent) AS figures
     FROM usage_alerts WHERE created_at > now() - make_interval(secs => $1)
     ORDER BY created_at DESC LIMIT 50)
    UNION ALL
    (SELECT 'request', id, created_at, user_id,
            jsonb_build_object('ticket_number', ticket_number, 'tokens', tokens, 'urgency', urgency)
     FROM credit_requests WHERE created_at > now() - make_interval(secs => $1)
     ORDER BY created_at DESC LIMIT 50)
    UNION ALL
    (SELECT 'grant', id, created_at, user_id,
            jsonb_build_object('tokens_added', tokens_added, 'transaction_type', transaction_type)
     FROM credit_transactions WHERE created_at > now() - make_interval(secs => $1)
     ORDER BY created_at DESC LIMIT 50)
) n
JOIN users u ON u.id = n.user_id
ORDER BY n.created_at
