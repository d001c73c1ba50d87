-- What all active users may still spend. A wallet of a past period, or none yet, counts as the ledger would open it now.
SELECT coalesce(sum(greatest(
    CASE
        WHEN w.period_start >= date_trunc('month', CURRENT_DATE)::date THEN w.allowance - w.allowance_used
        ELSE coalesce(s.monthly_tokens, 0) - least(coalesce(w.overage, 0), coalesce(s.monthly_tokens, 0))
    END + coalesce(w.credits, 0) - coalesce(w.held, 0), 0)), 0)::bigint AS tokens
FROM users u
LEFT JOIN wallets w ON w.user_id = u.id
LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active AND (s.end_date IS NULL OR s.end_date > now())
WHERE u.active
