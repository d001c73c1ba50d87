-- name: acknowledge_alerts
-- Acknowledges the user's alerts of the current round up to a threshold; returns the highest that
-- is still to be shown.
WITH acknowledged AS (
    UPDATE usage_alerts a SET acknowledged_at = now()
    FROM wallets w
    WHERE w.user_id = $1 AND a.user_id = $1 AND a.period_start = w.period_start AND a.alert_round = w.alert_round
      AND a.threshold_percent <= $2 AND a.acknowledged_at IS NULL
)
SELECT max(a.threshold_percent)
FROM usage_alerts a
JOIN wallets w ON w.user_id = a.user_id AND w.period_start = a.period_start AND w.alert_round = a.alert_round
WHERE a.user_id = $1 AND a.threshold_percent > $2 AND a.acknowledged_at IS NULL

-- name: charged_for_request
-- Tokens charged for a finished request; null if it has no event.
SELECT tokens_charged FROM usage_events WHERE user_id = $1 AND request_id = $2

-- name: keep_hidden_output
-- Adds the measurements of one process; after 500 new calls the earlier ones weigh 37 %. A name that
-- a caller may have made up gets a row of its own only while there are fewer than $5.
INSERT INTO hidden_output AS h (model, samples, calls, hidden_tokens)
SELECT model, calls, calls, hidden
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::boolean[]) AS learned (model, calls, hidden, is_made_up)
WHERE NOT is_made_up
   OR EXISTS (SELECT FROM hidden_output AS known WHERE known.model = learned.model)
   OR (SELECT count(*) FROM hidden_output) < $5
ON CONFLICT (model) DO UPDATE
SET samples = h.samples + excluded.samples,
    calls = h.calls * exp(-excluded.samples::numeric / 500) + excluded.calls,
    hidden_tokens = h.hidden_tokens * exp(-excluded.samples::numeric / 500) + excluded.hidden_tokens,
    updated_at = now()

-- name: plan_and_alert
-- A user's plan, and the highest threshold of the current round that is not acknowledged.
SELECT s.plan_type, s.monthly_tokens, a.alert_percent
FROM users u
LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
LEFT JOIN wallets w ON w.user_id = u.id
LEFT JOIN LATERAL (
    SELECT max(threshold_percent) AS alert_percent
    FROM usage_alerts
    WHERE user_id = u.id AND period_start = w.period_start AND alert_round = w.alert_round AND acknowledged_at IS NULL
) a ON true
WHERE u.id = $1
