-- All users' present balances; the body of the CTE `balances`. Without a wallet, or with one of a
-- past period, the balance is what ledger_wallet_v1 would renew it to. States and percents equal
-- those of domain/wallet.py; a test compares both.
SELECT b.id, b.email, b.contact_email, b.name, b.role, b.active, b.created_at, b.plan, b.monthly_tokens, b.period_start,
       b.allowance, b.allowance_used, b.allowance_left, b.credits, b.held, b.used, b.overage, b.refused_tokens,
       greatest(b.allowance_left + b.credits - b.held, 0) AS tokens_remaining,
       -- to_char rounds the exact binary value, half to even, as Python's round; round(numeric) does not.
       CASE WHEN b.used + b.allowance_left + b.credits <= 0 THEN 100::float8
            ELSE to_char(100::float8 * b.used / (b.used + b.allowance_left + b.credits), 'FM990.00')::float8 END AS usage_percent,
       CASE WHEN b.used + b.allowance_left + b.credits <= 0 THEN 100::float8
            ELSE 100::float8 * b.used / (b.used + b.allowance_left + b.credits) END AS unrounded_percent,
       CASE WHEN NOT b.active THEN 'suspended'
            WHEN ledger_is_blocked_v1(b.used, b.allowance_left + b.credits, b.refused_tokens) THEN 'blocked'
            WHEN b.used >= 9 * (b.allowance_left + b.credits) THEN 'alert_90' -- used ≥ 90 % of used + left
            WHEN b.used >= 4 * (b.allowance_left + b.credits) THEN 'alert_80' -- used ≥ 80 % of used + left
            ELSE 'normal' END AS state
FROM (
    SELECT r.*, r.allowance - r.allowance_used AS allowance_left
    FROM (
        SELECT u.id, u.email, u.contact_email, u.name, u.role, u.active, u.created_at, s.plan_type AS plan,
               coalesce(s.monthly_tokens, 0) AS monthly_tokens,
               CASE WHEN is_current THEN w.period_start ELSE date_trunc('month', now())::date END AS period_start,
               CASE WHEN is_current THEN w.allowance ELSE granted END AS allowance,
               CASE WHEN is_current THEN w.allowance_used ELSE least(coalesce(w.overage, 0), granted) END AS allowance_used,
               coalesce(w.credits, 0) AS credits,
               coalesce(w.held, 0) AS held,
               CASE WHEN is_current THEN w.used ELSE 0 END AS used,
               CASE WHEN is_current THEN w.refused_tokens ELSE 0 END AS refused_tokens,
               CASE WHEN is_current THEN w.overage ELSE greatest(coalesce(w.overage, 0) - granted, 0) END AS overage
        FROM users u
        LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
        LEFT JOIN wallets w ON w.user_id = u.id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN s.end_date IS NULL OR s.end_date > now() THEN coalesce(s.monthly_tokens, 0) ELSE 0 END::bigint AS granted,
                   coalesce(w.period_start >= date_trunc('month', now())::date, false) AS is_current
        ) AS g
    ) AS r
) AS b
