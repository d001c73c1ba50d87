-- name: balances
-- Balance views of the users $1: the wallet, the highest unacknowledged threshold of its present
-- alert round, and the last credit transaction. A wallet of a past period counts as none.
SELECT u.id AS user_id, u.active,
       w.period_start, w.allowance, w.allowance_used, w.credits, w.held, w.used, w.overage, w.refused_tokens,
       a.alert_percent, t.id AS transaction_id, t.tokens_added, t.transaction_type, t.created_at AS granted_at
FROM unnest($1::uuid[]) AS wanted (user_id)
JOIN users u ON u.id = wanted.user_id
LEFT JOIN wallets w ON w.user_id = u.id AND w.period_start >= date_trunc('month', now())::date
LEFT JOIN LATERAL (
    SELECT max(threshold_percent) AS alert_percent
    FROM usage_alerts
    WHERE user_id = u.id AND period_start = w.period_start AND alert_round = w.alert_round AND acknowledged_at IS NULL
) a ON true
LEFT JOIN LATERAL (
    SELECT id, tokens_added, transaction_type, created_at
    FROM credit_transactions
    WHERE user_id = u.id
    ORDER BY created_at DESC, id DESC
    LIMIT 1
) t ON true

-- name: live_names
-- Names and e-mail addresses of the users $1.
SELECT id, name, coalesce(email, contact_email) AS email FROM users WHERE id = ANY ($1::uuid[])

-- name: live_news
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

-- name: live_traffic
-- Calls of the last minutes by minute and model, over all processes. The counts only grow, so the
-- difference of two reads is the usage between them.
SELECT minute, model, sum(requests)::bigint AS requests, sum(errors)::bigint AS errors
FROM traffic_minutes
WHERE minute > now() - interval '3 minutes'
GROUP BY minute, model

-- name: live_users
-- Today's total tokens, and those of the top $1 users.
SELECT NULL::uuid AS user_id, coalesce(sum(tokens_used), 0)::bigint AS tokens FROM token_usage WHERE usage_date = CURRENT_DATE
UNION ALL
(SELECT user_id, tokens_used FROM token_usage WHERE usage_date = CURRENT_DATE ORDER BY tokens_used DESC LIMIT $1)
