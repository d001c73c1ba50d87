-- ledger_audit_v1: recomputes every balance from the records (SPEC 3.4) and returns one row per difference; none means proven.
CREATE OR REPLACE FUNCTION ledger_audit_v1()
RETURNS TABLE (user_id uuid, what text, stored numeric, recomputed numeric) LANGUAGE sql STABLE AS $$
    WITH events AS (
        SELECT e.user_id,
               sum(e.credits_part) AS credits_part,
               sum(e.overage) AS overage,
               coalesce(sum(e.allowance_part) FILTER (WHERE e.local_day >= w.period_start), 0) AS allowance_part,
               coalesce(sum(e.tokens_charged) FILTER (WHERE e.local_day >= w.period_start), 0) AS charged
        FROM usage_events e LEFT JOIN wallets w USING (user_id)
        GROUP BY e.user_id
    ), grants AS (
        SELECT t.user_id, sum(t.tokens_added) AS tokens FROM credit_transactions t GROUP BY t.user_id
    ), entries AS (
        SELECT o.user_id, sum(o.tokens) AS tokens,
               coalesce(sum(o.tokens) FILTER (WHERE o.bucket = 'credits'), 0) AS credits,
               coalesce(sum(o.tokens) FILTER (WHERE o.bucket = 'allowance' AND o.period_start = w.period_start), 0) AS allowance
        FROM overage_entries o LEFT JOIN wallets w USING (user_id)
        GROUP BY o.user_id
    ), changes AS (
        SELECT c.user_id, sum(c.tokens) AS tokens
        FROM allowance_changes c JOIN wallets w ON w.user_id = c.user_id AND w.period_start = c.period_start
        GROUP BY c.user_id
    ), open_holds AS (
        SELECT h.user_id, sum(h.tokens) AS tokens, count(*) AS calls FROM holds h WHERE h.state = 'open' GROUP BY h.user_id
    ), days AS (
        SELECT e.user_id, e.local_day, least(sum(e.tokens_charged), 2147483647) AS charged
        FROM usage_events e GROUP BY e.user_id, e.local_day HAVING sum(e.tokens_charged) > 0
    ), figures AS (
        SELECT u.id AS user_id, f.what, f.stored, f.recomputed
        FROM users u
        LEFT JOIN wallets w ON w.user_id = u.id
        LEFT JOIN events e ON e.user_id = u.id
        LEFT JOIN grants g ON g.user_id = u.id
        LEFT JOIN entries n ON n.user_id = u.id
        LEFT JOIN changes c ON c.user_id = u.id
        LEFT JOIN open_holds h ON h.user_id = u.id
        LEFT JOIN period_openings p ON p.user_id = u.id AND p.period_start = w.period_start
        CROSS JOIN LATERAL (VALUES
            ('credits', w.credits::numeric, coalesce(g.tokens, 0) - coalesce(e.credits_part, 0) + coalesce(n.credits, 0)),
            ('allowance', w.allowance::numeric, coalesce(p.allowance, 0) + coalesce(c.tokens, 0)),
            ('allowance_used', w.allowance_used::numeric, coalesce(e.allowance_part, 0) - coalesce(n.allowance, 0)),
            ('used', w.used::numeric, coalesce(e.charged, 0)),
            ('overage', w.overage::numeric, coalesce(e.overage, 0) + coalesce(n.tokens, 0)),
            ('held', w.held::numeric, coalesce(h.tokens, 0)),
            ('open_calls', w.open_calls::numeric, coalesce(h.calls, 0))
        ) AS f (what, stored, recomputed)
    )
    SELECT f.user_id, f.what, coalesce(f.stored, 0), f.recomputed FROM figures f WHERE coalesce(f.stored, 0) <> f.recomputed
    UNION ALL
    SELECT coalesce(t.user_id, d.user_id), 'token_usage ' || coalesce(t.usage_date, d.local_day),
           coalesce(t.tokens_used, 0), coalesce(d.charged, 0)
    FROM token_usage t FULL JOIN days d ON d.user_id = t.user_id AND d.local_day = t.usage_date
    WHERE coalesce(t.tokens_used, 0) <> coalesce(d.charged, 0)
    UNION ALL
    SELECT e.user_id, 'events of request ' || e.request_id, count(*), 1
    FROM usage_events e GROUP BY e.user_id, e.request_id HAVING count(*) > 1
    UNION ALL
    SELECT h.user_id, 'event of hold ' || h.request_id, 0, 1
    FROM holds h
    WHERE h.state IN ('settled', 'expired')
      AND NOT EXISTS (SELECT FROM usage_events e WHERE e.user_id = h.user_id AND e.request_id = h.request_id)
    ORDER BY 1, 2
$$;
