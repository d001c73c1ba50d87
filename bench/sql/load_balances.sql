-- The projections of the loaded events, as the settling transactions would have left them: allowances, wallets, daily rollups, alerts.
-- Every fiftieth user is near the end of this month's allowance.
CREATE TEMP TABLE scale_months AS
WITH charged AS (
    SELECT user_id, date_trunc('month', local_day)::date AS period_start, sum(tokens_charged)::bigint AS charged
    FROM usage_events GROUP BY 1, 2
)
SELECT p.user_id, m.period_start, coalesce(c.charged, 0) AS charged,
       CASE WHEN p.n % 50 = 0 AND m.period_start = date_trunc('month', CURRENT_DATE)::date
            THEN greatest(ceil(coalesce(c.charged, 0) * 1.02), 1000)
            ELSE greatest(ceil(coalesce(c.charged, 0) * 1.2), 5000000) END::bigint AS allowance
FROM scale_people p
CROSS JOIN (SELECT DISTINCT period_start FROM charged
            UNION SELECT date_trunc('month', CURRENT_DATE)::date) AS m
LEFT JOIN charged c ON c.user_id = p.user_id AND c.period_start = m.period_start;
CREATE INDEX ON scale_months (user_id, period_start);
ANALYZE scale_months;

INSERT INTO period_openings (user_id, period_start, allowance, created_at)
SELECT user_id, period_start, allowance, period_start::timestamptz FROM scale_months;

UPDATE subscriptions s SET monthly_tokens = m.allowance
FROM scale_months m WHERE m.user_id = s.user_id AND m.period_start = date_trunc('month', CURRENT_DATE)::date;

INSERT INTO wallets (user_id, period_start, allowance, allowance_used, credits, used, alerted_percent)
SELECT m.user_id, m.period_start, m.allowance, m.charged, k.credits, m.charged,
       coalesce((SELECT max(t) FROM unnest(ARRAY[80, 90, 100]) AS t
                 WHERE m.charged > 0 AND m.charged * 100 >= t * (m.allowance + k.credits)), 0)
FROM scale_months m
CROSS JOIN LATERAL (SELECT coalesce(sum(tokens_added), 0)::bigint AS credits FROM credit_transactions t WHERE t.user_id = m.user_id) AS k
WHERE m.period_start = date_trunc('month', CURRENT_DATE)::date;

INSERT INTO usage_alerts (user_id, period_start, alert_round, threshold_percent, usage_percent)
SELECT w.user_id, w.period_start, w.alert_round, t, round(100.0 * w.used / (w.allowance + w.credits), 2)
FROM wallets w CROSS JOIN unnest(w.alert_thresholds_percent) AS t
WHERE t <= w.alerted_percent;

INSERT INTO token_usage (user_id, usage_date, tokens_used, tokens_remaining, created_at)
SELECT d.user_id, d.local_day, d.charged,
       m.allowance - sum(d.charged) OVER (PARTITION BY d.user_id, m.period_start ORDER BY d.local_day), d.first_at
FROM (SELECT user_id, local_day, sum(tokens_charged)::bigint AS charged, min(occurred_at) AS first_at
      FROM usage_events GROUP BY user_id, local_day) AS d
JOIN scale_months m ON m.user_id = d.user_id AND m.period_start = date_trunc('month', d.local_day)::date
ORDER BY d.local_day, d.user_id;
