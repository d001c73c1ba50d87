-- Everybody's balance now; the body of the CTE `balances`. Whoever has no wallet, or one of a past period (o), is shown as
-- ledger_wallet_v1 would renew it at the next touch. States and percent are those of domain/wallet.py; a test holds both together.
SELECT b.id, b.email, b.contact_email, b.name, b.role, b.active, b.created_at, b.plan, b.monthly_tokens, b.period_start,
       b.allowance, b.allowance_used, b.allowance_left, b.credits, b.held, b.used, b.overage,
       greatest(b.allowance_left + b.credits - b.held, 0) AS tokens_remaining,
       -- to_char rounds the exact binary value, half to even, as Python's round does; round(numeric) would not.
       CASE WHEN b.used + b.allowance_left + b.credits <= 0 THEN 100::float8
            ELSE to_char(100::float8 * b.used / (b.used + b.allowance_left + b.credits), 'FM990.00')::float8 END AS usage_percent,
       CASE WHEN b.used + b.allowance_left + b.credits <= 0 THEN 100::float8
            ELSE 100::float8 * b.used / (b.used + b.allowance_left + b.credits) END AS unrounded_percent,
       CASE WHEN NOT b.active THEN 'suspended'
            WHEN b.allowance_left + b.credits <= 0 THEN 'blocked'
            WHEN b.used >= 9 * (b.allowance_left + b.credits) THEN 'alert_90' -- used ≥ 90 % of used + left
            WHEN b.used >= 4 * (b.allowance_left + b.credits) THEN 'alert_80' -- used ≥ 80 % of used + left
            ELSE 'normal' END AS state
FROM (
    SELECT r.*, r.allowance - r.allowance_used AS allowance_left
    FROM (
        SELECT u.id, u.email, u.contact_email, u.name, u.role, u.active, u.created_at, s.plan_type AS plan,
               coalesce(s.monthly_tokens, 0) AS monthly_tokens,
               coalesce(w.period_start, date_trunc('month', now())::date) AS period_start,
               coalesce(w.allowance, g.granted) AS allowance,
               coalesce(w.allowance_used, least(coalesce(o.overage, 0), g.granted)) AS allowance_used,
               coalesce(w.credits, o.credits, 0) AS credits,
               coalesce(w.held, o.held, 0) AS held,
               coalesce(w.used, 0) AS used,
               coalesce(w.overage, greatest(o.overage - g.granted, 0), 0) AS overage
        FROM users u
        LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
        LEFT JOIN wallets w ON w.user_id = u.id AND w.period_start >= date_trunc('month', now())::date
        LEFT JOIN wallets o ON o.user_id = u.id AND o.period_start < date_trunc('month', now())::date
        CROSS JOIN LATERAL (
            SELECT CASE WHEN s.end_date IS NULL OR s.end_date > now() THEN coalesce(s.monthly_tokens, 0) ELSE 0 END::bigint AS granted
        ) AS g
    ) AS r
) AS b
