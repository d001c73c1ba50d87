-- All users' present standings; the body of the CTE `standings`. The figures of users_balances,
-- from the wallets alone if those are of this period; else as ledger_wallet_v1 would renew them.
SELECT b.id, b.used, greatest(b.left_tokens - b.held, 0) AS tokens_remaining,
       CASE WHEN b.used + b.left_tokens <= 0 THEN 100::float8 ELSE 100::float8 * b.used / (b.used + b.left_tokens) END AS unrounded_percent,
       -- Rounded as users_balances does.
       CASE WHEN b.used + b.left_tokens <= 0 THEN 100::float8
            ELSE to_char(100::float8 * b.used / (b.used + b.left_tokens), 'FM990.00')::float8 END AS usage_percent,
       CASE WHEN b.id IN (SELECT i.id FROM users i WHERE NOT i.active) THEN 'suspended'
            WHEN ledger_is_blocked_v1(b.used, b.left_tokens, b.refused_tokens) THEN 'blocked'
            WHEN b.used >= 9 * b.left_tokens THEN 'alert_90'
            WHEN b.used >= 4 * b.left_tokens THEN 'alert_80'
            ELSE 'normal' END AS state
FROM (
    SELECT w.user_id AS id, w.allowance - w.allowance_used + w.credits AS left_tokens, w.held, w.used, w.refused_tokens
    FROM wallets w
    WHERE w.period_start >= (SELECT date_trunc('month', now())::date)
    UNION ALL
    SELECT o.user_id, greatest(coalesce(s.monthly_tokens, 0) - o.overage, 0) + o.credits, o.held, 0, 0
    FROM wallets o
    LEFT JOIN subscriptions s ON s.user_id = o.user_id AND s.active AND (s.end_date IS NULL OR s.end_date > now())
    WHERE o.period_start < (SELECT date_trunc('month', now())::date)
    UNION ALL
    -- New users; searched only if the counts show that there are any.
    SELECT u.id, coalesce(s.monthly_tokens, 0)::bigint, 0, 0, 0
    FROM users u
    LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active AND (s.end_date IS NULL OR s.end_date > now())
    WHERE (SELECT count(*) FROM users) > (SELECT count(*) FROM wallets)
      AND NOT EXISTS (SELECT FROM wallets w WHERE w.user_id = u.id)
) AS b
