-- name: dashboard_connections
-- The product's own connections to this database, over all its processes (each names itself `…-solaris/VERSION`).
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%-solaris%'

-- name: dashboard_day
-- The day's figures, from small indexed ranges; CURRENT_DATE is the customer's day (session time
-- zone).
SELECT
    (SELECT count(*) FROM users) AS total_users,
    (SELECT count(*) FROM users WHERE created_at >= CURRENT_DATE::timestamptz) AS new_users_today,
    day.users AS active_users_today,
    day.tokens AS tokens_consumed_today,
    month.revenue_today, month.revenue_month, month.purchases_today AS credits_purchased_today
FROM (
    SELECT count(*) AS users, coalesce(sum(tokens_used), 0)::bigint AS tokens
    FROM token_usage
    WHERE usage_date = CURRENT_DATE
) AS day
CROSS JOIN (
    SELECT coalesce(sum(amount_paid), 0) AS revenue_month,
           coalesce(sum(amount_paid) FILTER (WHERE created_at >= CURRENT_DATE::timestamptz), 0) AS revenue_today,
           count(*) FILTER (WHERE created_at >= CURRENT_DATE::timestamptz AND transaction_type = 'purchase') AS purchases_today
    FROM credit_transactions
    WHERE created_at >= date_trunc('month', CURRENT_DATE::timestamptz) AND transaction_type IN ('purchase', 'refund')
) AS month

-- name: dashboard_previous
-- The figures to compare with those of the moment $1: yesterday until the same time, last month
-- until the same day and time (its last day, if it is shorter). Days are the customer's. The day's
-- tokens are those of its hours, plus the events of the hour not over then.
SELECT ends.day_end AS until, ends.month_end AS month_until,
       (SELECT count(*) FROM users WHERE created_at < ends.day_end) AS total_users,
       (SELECT count(*) FROM users WHERE created_at >= ends.day::timestamptz AND created_at < ends.day_end) AS new_users_today,
       charged.users AS active_users_today, used.tokens AS tokens_consumed_today,
       bought.revenue_today, bought.credits_purchased_today, month.revenue_month
FROM (
    SELECT $1::timestamptz - interval '1 day' AS day_end, ($1::timestamptz - interval '1 day')::date AS day,
           $1::timestamptz - interval '1 month' AS month_end
) AS ends
CROSS JOIN LATERAL (
    -- created_at is the day's first charge.
    SELECT count(*) AS users FROM token_usage WHERE usage_date = ends.day AND created_at < ends.day_end
) AS charged
CROSS JOIN LATERAL (
    SELECT least(date_trunc('hour', ends.day_end, 'UTC'), date_trunc('hour', usage_rolled_until, 'UTC')) AS at FROM rollup_progress
) AS cut
CROSS JOIN LATERAL (
    SELECT coalesce(sum(tokens), 0)::bigint AS tokens
    FROM (
        SELECT tokens_charged AS tokens FROM usage_hours WHERE local_day = ends.day AND hour < cut.at
        UNION ALL
        SELECT tokens_charged FROM usage_events WHERE local_day = ends.day AND occurred_at >= cut.at AND occurred_at < ends.day_end
    ) AS parts
) AS used
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount_paid), 0) AS revenue_today,
           count(*) FILTER (WHERE transaction_type = 'purchase') AS credits_purchased_today
    FROM credit_transactions
    WHERE created_at >= ends.day::timestamptz AND created_at < ends.day_end AND transaction_type IN ('purchase', 'refund')
) AS bought
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount_paid), 0) AS revenue_month
    FROM credit_transactions
    WHERE created_at >= date_trunc('month', ends.month_end) AND created_at < ends.month_end
      AND transaction_type IN ('purchase', 'refund')
) AS month

-- name: dashboard_previous_traffic
-- The calls of the five minutes before $1 minus one day, counted as in recent_traffic.
WITH then_recent AS MATERIALIZED (
    SELECT requests, errors, proxy_ms_counts, litellm_ms_counts
    FROM traffic_minutes
    WHERE minute > $1::timestamptz - interval '1 day 5 minutes' AND minute <= $1::timestamptz - interval '1 day'
)
SELECT
    coalesce((SELECT sum(requests) FROM then_recent), 0)::bigint AS requests,
    coalesce((SELECT sum(errors) FROM then_recent), 0)::bigint AS errors,
    (SELECT array_agg(calls ORDER BY band) FROM (
        SELECT band, sum(counted)::bigint AS calls
        FROM then_recent, unnest(proxy_ms_counts) WITH ORDINALITY AS b (counted, band) GROUP BY band) AS bands) AS proxy_ms_counts,
    (SELECT array_agg(calls ORDER BY band) FROM (
        SELECT band, sum(counted)::bigint AS calls
        FROM then_recent, unnest(litellm_ms_counts) WITH ORDINALITY AS b (counted, band) GROUP BY band) AS bands) AS litellm_ms_counts

-- name: dashboard_remaining
-- The remaining tokens of all active users. Follows the CTE `standings`.
SELECT coalesce(sum(tokens_remaining), 0)::bigint FROM standings WHERE state <> 'suspended'

-- name: dashboard_top_consumers
-- The users with the most tokens charged today.
SELECT t.user_id, u.name, coalesce(u.email, u.contact_email) AS email, s.plan_type,
       t.tokens_used AS tokens_consumed_today, t.tokens_remaining
FROM (
    SELECT user_id, tokens_used, tokens_remaining FROM token_usage
    WHERE usage_date = CURRENT_DATE
    ORDER BY tokens_used DESC, user_id
    LIMIT $1
) AS t
JOIN users u ON u.id = t.user_id
LEFT JOIN subscriptions s ON s.user_id = t.user_id AND s.active
ORDER BY t.tokens_used DESC, t.user_id

-- name: finance_buckets
-- Sums of credits per bucket ($3: day, month, or all for one bucket) of the days $1 to $2, empty
-- ones included. Credits spent come from the events that credits paid.
WITH buckets AS (
    SELECT CASE $3 WHEN 'all' THEN $1::date WHEN 'month' THEN date_trunc('month', d.day)::date ELSE d.day::date END AS first_day
    FROM generate_series($1::date::timestamp, $2::date::timestamp, interval '1 day') AS d (day)
    GROUP BY 1
), granted AS (
    SELECT CASE $3 WHEN 'all' THEN $1::date ELSE date_trunc($3, t.created_at)::date END AS first_day,
           sum(t.amount_paid) FILTER (WHERE t.transaction_type IN ('purchase', 'refund')) AS revenue_brl,
           -sum(t.amount_paid) FILTER (WHERE t.transaction_type = 'refund') AS refunds_brl,
           count(*) FILTER (WHERE t.transaction_type = 'purchase') AS purchases,
           count(DISTINCT t.user_id) FILTER (WHERE t.transaction_type = 'purchase') AS buyers,
           sum(t.tokens_added) FILTER (WHERE t.transaction_type = 'purchase') AS tokens_sold,
           sum(t.tokens_added) FILTER (WHERE t.transaction_type <> 'purchase' AND t.tokens_added > 0) AS tokens_given,
           -sum(t.tokens_added) FILTER (WHERE t.tokens_added < 0) AS tokens_taken_back
    FROM credit_transactions t
    WHERE t.created_at >= $1::date::timestamptz AND t.created_at < ($2::date + 1)::timestamptz
    GROUP BY 1
), spent AS (
    SELECT CASE $3 WHEN 'all' THEN $1::date ELSE date_trunc($3, e.local_day::timestamp)::date END AS first_day,
           sum(e.credits_part) AS credits_spent
    FROM usage_events e
    WHERE e.local_day BETWEEN $1 AND $2 AND e.credits_part > 0
    GROUP BY 1
)
SELECT greatest(b.first_day, $1::date) AS first_day, coalesce(g.revenue_brl, 0) AS revenue_brl, coalesce(g.refunds_brl, 0) AS refunds_brl,
       coalesce(g.purchases, 0) AS purchases, coalesce(g.buyers, 0) AS buyers, coalesce(g.tokens_sold, 0)::bigint AS tokens_sold,
       coalesce(g.tokens_given, 0)::bigint AS tokens_given, coalesce(g.tokens_taken_back, 0)::bigint AS tokens_taken_back,
       coalesce(s.credits_spent, 0)::bigint AS credits_spent
FROM buckets b
LEFT JOIN granted g ON g.first_day = b.first_day
LEFT JOIN spent s ON s.first_day = b.first_day
ORDER BY 1

-- name: finance_open_requests
-- The open credit requests.
SELECT count(*) AS requests, coalesce(sum(tokens), 0)::bigint AS tokens, coalesce(sum(amount_brl), 0) AS amount_brl,
       min(created_at) AS oldest_created_at
FROM credit_requests
WHERE state = 'pending'

-- name: finance_packages
-- Purchases of the days $1 to $2 by package: that of the purchase's request, else the one with the
-- same number of tokens.
SELECT s.package_id, p.name, s.purchases, s.tokens, s.revenue_brl
FROM (
    SELECT coalesce(r.package_id, (SELECT k.id FROM packages k WHERE k.tokens = t.tokens_added ORDER BY k.active DESC, k.id LIMIT 1))
               AS package_id,
           count(*) AS purchases, sum(t.tokens_added)::bigint AS tokens, sum(t.amount_paid) AS revenue_brl
    FROM credit_transactions t
    LEFT JOIN credit_requests r ON r.transaction_id = t.id
    WHERE t.created_at >= $1::date::timestamptz AND t.created_at < ($2::date + 1)::timestamptz AND t.transaction_type = 'purchase'
    GROUP BY 1
) AS s
LEFT JOIN packages p ON p.id = s.package_id
ORDER BY s.revenue_brl DESC, s.package_id NULLS LAST

-- name: finance_types
-- Credit transactions of the days $1 to $2 by type.
SELECT transaction_type, count(*) AS transactions, sum(tokens_added)::bigint AS tokens_added, sum(amount_paid) AS amount_paid
FROM credit_transactions
WHERE created_at >= $1::date::timestamptz AND created_at < ($2::date + 1)::timestamptz
GROUP BY 1
ORDER BY 4 DESC, 1

-- name: history_events
-- A page of one user's usage events, newest first, after the position ($5, $6).
SELECT id, request_id, occurred_at, route, ending, estimated, model_asked, model_answered, input_tokens, cached_input_tokens,
       output_tokens, reasoning_tokens, input_weight, cached_input_weight, output_weight, reasoning_weight, conversion_factor,
       tokens_charged, allowance_part, credits_part, overage, tokens_remaining, cost_usd, first_byte_ms, duration_ms, client, conversation_id,
       trace_id
FROM usage_events
WHERE user_id = $1 AND local_day BETWEEN $2 AND $3 AND ($4::text IS NULL OR model_asked = $4)
  AND (occurred_at, id) < ($5, $6)
ORDER BY occurred_at DESC, id DESC
LIMIT $7

-- name: history_sums
-- One user's use per hour or day (newest first), or per model (most tokens first).
SELECT CASE WHEN $5 = 'hour' THEN date_trunc('hour', occurred_at) END AS hour,
       CASE WHEN $5 = 'day' THEN local_day END AS day,
       CASE WHEN $5 = 'model' THEN model_asked END AS model,
       count(*) AS requests, sum(input_tokens)::bigint AS input_tokens, sum(output_tokens)::bigint AS output_tokens,
       sum(tokens_charged)::bigint AS tokens_charged
FROM usage_events
WHERE user_id = $1 AND local_day BETWEEN $2 AND $3 AND ($4::text IS NULL OR model_asked = $4)
GROUP BY 1, 2, 3
ORDER BY 1 DESC, 2 DESC, CASE WHEN $5 = 'model' THEN sum(tokens_charged) END DESC, 3
LIMIT $6

-- name: personal_events
-- One user's usage events as JSON, newest first, after a position.
SELECT e.id, e.occurred_at, to_jsonb(e) - 'user_id' AS event
FROM usage_events e
WHERE e.user_id = $1 AND ($2::timestamptz IS NULL OR (e.occurred_at, e.id) < ($2, $3::uuid))
ORDER BY e.occurred_at DESC, e.id DESC
LIMIT $4

-- name: personal_export
-- All data about one user except usage events, as JSON; no row for an unknown user.
SELECT jsonb_build_object(
    'generated_at', now(),
    'account', (SELECT to_jsonb(a) FROM (
        SELECT u.id, u.email, u.contact_email, u.email_verified, u.name, u.role, u.active, u.suspension_reason, u.anonymised_at,
               u.created_at, u.updated_at) AS a),
    'password_changed_at', (SELECT changed_at FROM credentials WHERE user_id = u.id),
    'subscriptions', (SELECT coalesce(jsonb_agg(to_jsonb(s) - 'user_id' ORDER BY s.start_date), '[]') FROM subscriptions s WHERE s.user_id = u.id),
    'identities', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'front_end', f.name, 'external_id', i.external_id, 'created_at', i.created_at) ORDER BY i.created_at), '[]')
                   FROM identities i JOIN front_end_keys f ON f.id = i.front_end_key_id WHERE i.user_id = u.id),
    'api_keys', (SELECT coalesce(jsonb_agg(to_jsonb(k) - 'user_id' - 'key_hash' ORDER BY k.created_at), '[]') FROM api_keys k WHERE k.user_id = u.id),
    'wallet', (SELECT to_jsonb(w) - 'user_id' FROM wallets w WHERE w.user_id = u.id),
    'allowance_changes', (SELECT coalesce(jsonb_agg(to_jsonb(c) - 'user_id' - 'idempotency_key' ORDER BY c.number), '[]')
                          FROM allowance_changes c WHERE c.user_id = u.id),
    'credit_transactions', (SELECT coalesce(jsonb_agg(to_jsonb(t) - 'user_id' - 'idempotency_key' - 'fingerprint'
                                                      || CASE WHEN u.anonymised_at IS NULL THEN '{}' ELSE '{"note": ""}'::jsonb END
                                                      ORDER BY t.created_at, t.id), '[]')
                            FROM credit_transactions t WHERE t.user_id = u.id),
    'credit_requests', (SELECT coalesce(jsonb_agg(to_jsonb(r) - 'user_id' - 'idempotency_key' - 'fingerprint' ORDER BY r.created_at, r.id), '[]')
                        FROM credit_requests r WHERE r.user_id = u.id),
    'alerts', (SELECT coalesce(jsonb_agg(to_jsonb(l) - 'user_id' ORDER BY l.created_at, l.id), '[]') FROM usage_alerts l WHERE l.user_id = u.id),
    'days_of_use', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                        'usage_date', d.usage_date, 'tokens_used', d.tokens_used, 'tokens_remaining', d.tokens_remaining)
                        ORDER BY d.usage_date), '[]') FROM token_usage d WHERE d.user_id = u.id)
)
FROM users u
WHERE u.id = $1

-- name: receipt_of_request
-- One request of one user, with the weights of its charge.
SELECT id, request_id, occurred_at, route, ending, estimated, model_asked, model_answered, input_tokens, cached_input_tokens,
       output_tokens, reasoning_tokens, input_weight, cached_input_weight, output_weight, reasoning_weight, conversion_factor,
       tokens_charged, allowance_part, credits_part, overage, tokens_remaining, cost_usd, first_byte_ms, duration_ms, client, conversation_id,
       trace_id
FROM usage_events
WHERE user_id = $1 AND request_id = $2
ORDER BY occurred_at
LIMIT 1

-- name: recent_traffic
-- The calls of the last $1 minutes over all processes: total, failed, and per latency band.
WITH recent AS MATERIALIZED (
    SELECT requests, errors, proxy_ms_counts, litellm_ms_counts
    FROM traffic_minutes
    WHERE minute > now() - make_interval(mins => $1)
)
SELECT
    coalesce((SELECT sum(requests) FROM recent), 0)::bigint AS requests,
    coalesce((SELECT sum(errors) FROM recent), 0)::bigint AS errors,
    (SELECT array_agg(calls ORDER BY band) FROM (
        SELECT band, sum(counted)::bigint AS calls
        FROM recent, unnest(proxy_ms_counts) WITH ORDINALITY AS b (counted, band) GROUP BY band) AS bands) AS proxy_ms_counts,
    (SELECT array_agg(calls ORDER BY band) FROM (
        SELECT band, sum(counted)::bigint AS calls
        FROM recent, unnest(litellm_ms_counts) WITH ORDINALITY AS b (counted, band) GROUP BY band) AS bands) AS litellm_ms_counts

-- name: rollup_differing_days
-- The days whose events up to the rollup's end differ from the rollup. Days without events are
-- left alone: their month may have been detached.
SELECT e.local_day
FROM (
    SELECT local_day, count(*) AS requests, sum(tokens_charged) AS tokens_charged
    FROM usage_events
    WHERE local_day >= $1 AND occurred_at < (SELECT usage_rolled_until FROM rollup_progress)
    GROUP BY local_day
) AS e
LEFT JOIN (
    SELECT local_day, sum(requests) AS requests, sum(tokens_charged) AS tokens_charged FROM usage_days GROUP BY local_day
) AS d USING (local_day)
WHERE (e.requests, e.tokens_charged) IS DISTINCT FROM (d.requests, d.tokens_charged)
ORDER BY e.local_day

-- name: rollup_forget_hours
-- Deletes the hours from $1 on, to be recomputed; months with detached events keep theirs.
DELETE FROM usage_hours WHERE hour >= $1 AND local_day >= (SELECT min(local_day) FROM usage_events)

-- name: rollup_forget_user_months
-- Deletes the users' months from the month of $1 on, to be recomputed; months with detached events
-- keep theirs.
WITH forgotten AS (
    DELETE FROM usage_user_months
    WHERE month >= date_trunc('month', greatest($1::date, (SELECT min(local_day) FROM usage_events)))::date
)
UPDATE rollup_progress
SET users_rolled_until = least(users_rolled_until,
                               date_trunc('month', greatest($1::date, (SELECT min(local_day) FROM usage_events)))::date)

-- name: rollup_reset
-- Deletes the rollups that can be recomputed. Months with detached events keep theirs, which are
-- the only copy.
WITH oldest AS (
    SELECT min(local_day) AS day FROM usage_events
), hours AS (
    DELETE FROM usage_hours USING oldest WHERE local_day >= oldest.day
), days AS (
    DELETE FROM usage_days USING oldest WHERE local_day >= oldest.day
), minutes AS (
    SELECT date_trunc('hour', min(minute) + interval '59 minutes 59 seconds', 'UTC') AS first_hour FROM traffic_minutes
), traffic AS (
    DELETE FROM traffic_hours USING minutes WHERE hour >= minutes.first_hour
)
UPDATE rollup_progress
SET usage_rolled_until = '-infinity',
    traffic_rolled_until = CASE WHEN isfinite(traffic_rolled_until) THEN coalesce((SELECT first_hour FROM minutes), '-infinity')
                                ELSE '-infinity' END

-- name: rollup_traffic
-- Rolls up the full hours to whose minutes no process writes any more (reporting/traffic.py drops
-- them after 30 minutes).
WITH step AS (
    SELECT traffic_rolled_until AS since, date_trunc('hour', now() - interval '35 minutes', 'UTC') AS until
    FROM rollup_progress FOR UPDATE
), counted AS (
    INSERT INTO traffic_hours (hour, model, front_end, requests, errors)
    SELECT date_trunc('hour', m.minute, 'UTC'), m.model, m.front_end, sum(m.requests), sum(m.errors)
    FROM traffic_minutes m CROSS JOIN step
    WHERE m.minute >= step.since AND m.minute < step.until
    GROUP BY 1, 2, 3
)
UPDATE rollup_progress SET traffic_rolled_until = step.until FROM step WHERE step.until > step.since

-- name: rollup_usage_days
-- Inserts the days $1..$2 from their hours; they must not exist yet. {durations}: the sum of
-- duration_counts per band.
INSERT INTO usage_days (
    local_day, model_asked, plan_type, front_end_key_id, requests, estimated_requests, input_tokens, cached_input_tokens,
    output_tokens, reasoning_tokens, tokens_charged, cost_usd, duration_counts)
SELECT r.local_day, r.model_asked, r.plan_type, r.front_end_key_id, sum(r.requests), sum(r.estimated_requests), sum(r.input_tokens),
       sum(r.cached_input_tokens), sum(r.output_tokens), sum(r.reasoning_tokens), sum(r.tokens_charged), sum(r.cost_usd),
       {durations}
FROM usage_hours r
WHERE r.local_day BETWEEN $1 AND $2
GROUP BY r.local_day, r.model_asked, r.plan_type, r.front_end_key_id

-- name: rollup_usage_hours
-- Inserts the hours of the events of the days $1..$2 from the instant $3 to before $4; they must
-- not exist yet. $5: the bounds of the duration bands.
INSERT INTO usage_hours (
    hour, local_day, model_asked, plan_type, front_end_key_id, requests, estimated_requests, input_tokens, cached_input_tokens,
    output_tokens, reasoning_tokens, tokens_charged, cost_usd, duration_counts)
WITH counted AS (
    SELECT date_trunc('hour', e.occurred_at, 'UTC') AS hour, e.local_day, e.model_asked, coalesce(s.plan_type, '') AS plan_type,
           e.front_end_key_id, width_bucket(e.duration_ms, $5::int[]) AS band,
           count(*) AS requests, count(*) FILTER (WHERE e.estimated) AS estimated_requests,
           sum(e.input_tokens) AS input_tokens, sum(e.cached_input_tokens) AS cached_input_tokens,
           sum(e.output_tokens) AS output_tokens, sum(e.reasoning_tokens) AS reasoning_tokens,
           sum(e.tokens_charged) AS tokens_charged, sum(e.cost_usd) AS cost_usd
    FROM usage_events e
    LEFT JOIN subscription_spans s ON s.user_id = e.user_id AND e.occurred_at >= s.starts_at AND e.occurred_at < s.ends_at
    WHERE e.local_day BETWEEN $1 AND $2 AND e.occurred_at >= $3 AND e.occurred_at < $4
    GROUP BY 1, 2, 3, 4, 5, 6
), summed AS (
    SELECT hour, local_day, model_asked, plan_type, front_end_key_id, sum(requests) AS requests,
           sum(estimated_requests) AS estimated_requests, sum(input_tokens) AS input_tokens,
           sum(cached_input_tokens) AS cached_input_tokens, sum(output_tokens) AS output_tokens,
           sum(reasoning_tokens) AS reasoning_tokens, sum(tokens_charged) AS tokens_charged,
           coalesce(sum(cost_usd), 0) AS cost_usd,
           jsonb_object_agg(band, requests) FILTER (WHERE band IS NOT NULL) AS by_band
    FROM counted
    GROUP BY 1, 2, 3, 4, 5
)
SELECT hour, local_day, model_asked, plan_type, front_end_key_id, requests, estimated_requests, input_tokens, cached_input_tokens,
       output_tokens, reasoning_tokens, tokens_charged, cost_usd,
       ARRAY(SELECT coalesce((by_band ->> band::text)::int, 0)
             FROM generate_series(0, array_length($5::int[], 1)) AS band ORDER BY band)
FROM summed

-- name: rollup_usage_progress
-- The range of the rollup's next step; the row is locked, so that steps run in sequence. Null:
-- nothing to do. A step covers at most one more day, and ends before any instant at which a
-- running transaction may still write: events have their transaction's start time. Hours already
-- rolled up are recomputed from one hour before the last step's end.
WITH progress AS (
    SELECT CASE WHEN isfinite(usage_rolled_until) THEN usage_rolled_until
                ELSE (SELECT min(local_day) FROM usage_events)::timestamptz - interval '1 day' END AS rolled_until
    FROM rollup_progress FOR UPDATE
), safe AS (
    SELECT least(now() - interval '2 minutes', min(xact_start)) AS until
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> 'pg_dump'
)
SELECT date_trunc('hour', p.rolled_until, 'UTC') - interval '1 hour' AS counted_from,
       least(s.until, p.rolled_until + interval '1 day') AS counted_until,
       s.until <= p.rolled_until + interval '1 day' AS is_last
FROM progress p CROSS JOIN safe s
WHERE s.until > p.rolled_until

-- name: rollup_user_months
-- Inserts the users' use of the month $1, of its days before $2; it must not exist yet.
INSERT INTO usage_user_months (month, model_asked, user_id, tokens_charged)
SELECT $1, coalesce(model_asked, ''), user_id, sum(tokens_charged)
FROM usage_events
WHERE local_day >= $1 AND local_day < $2
GROUP BY GROUPING SETS ((user_id, model_asked), (user_id))
HAVING sum(tokens_charged) > 0

-- name: rollup_user_months_progress
-- The next month to count per user, up to its rolled-up days; the row is locked. No row: nothing
-- to do.
WITH progress AS (
    SELECT CASE WHEN isfinite(usage_rolled_until) THEN usage_rolled_until::date END AS sealed_until,
           CASE WHEN isfinite(users_rolled_until) THEN users_rolled_until
                ELSE (SELECT min(local_day) FROM usage_events) END AS rolled_until
    FROM rollup_progress FOR UPDATE
)
SELECT date_trunc('month', rolled_until)::date AS month,
       least(sealed_until, (date_trunc('month', rolled_until) + interval '1 month')::date) AS until
FROM progress
WHERE sealed_until > rolled_until

-- name: usage_stats_events
-- Requests, tokens, cost and durations per bucket ($1: hour, day, week, month) and key ($2: user,
-- model, plan, front_end, none), from the events of the days $3..$4 at or after the instant $7,
-- optionally of one model ($5) or some users ($6). Durations are counted per band; $8: the bands'
-- bounds. A bucket's date is computed once per day, not per event.
WITH counted AS MATERIALIZED (
    SELECT e.local_day, CASE WHEN $1 = 'hour' THEN date_trunc('hour', e.occurred_at) END AS hour,
           CASE $2 WHEN 'user' THEN e.user_id::text
                   WHEN 'model' THEN e.model_asked
                   WHEN 'plan' THEN coalesce(s.plan_type, '')
                   WHEN 'front_end' THEN coalesce(f.name, '')
                   ELSE '' END AS key,
           width_bucket(e.duration_ms, $8::int[]) AS band,
           count(*) AS requests, sum(e.input_tokens) AS input_tokens, sum(e.output_tokens) AS output_tokens,
           sum(e.tokens_charged) AS tokens_charged, sum(e.cost_usd) AS cost_usd
    FROM usage_events e
    LEFT JOIN subscription_spans s
           ON $2 = 'plan' AND s.user_id = e.user_id AND e.occurred_at >= s.starts_at AND e.occurred_at < s.ends_at
    LEFT JOIN front_end_keys f ON $2 = 'front_end' AND f.id = e.front_end_key_id
    WHERE e.local_day BETWEEN $3 AND $4 AND e.occurred_at >= $7
      AND ($5::text IS NULL OR e.model_asked = $5) AND ($6::uuid[] IS NULL OR e.user_id = ANY ($6))
    GROUP BY 1, 2, 3, 4
), bucketed AS (
    SELECT coalesce(hour, date_trunc($1, local_day::timestamptz)) AS bucket, key, band, sum(requests) AS requests,
           sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens, sum(tokens_charged) AS tokens_charged,
           sum(cost_usd) AS cost_usd
    FROM counted
    GROUP BY 1, 2, 3
)
SELECT bucket, key, sum(requests)::bigint AS requests, sum(input_tokens)::bigint AS input_tokens,
       sum(output_tokens)::bigint AS output_tokens, sum(tokens_charged)::bigint AS tokens_charged,
       coalesce(sum(cost_usd), 0) AS cost_usd, NULL::bigint[] AS duration_counts,
       array_agg(band) FILTER (WHERE band IS NOT NULL) AS bands,
       array_agg(requests::bigint) FILTER (WHERE band IS NOT NULL) AS band_requests
FROM bucketed
GROUP BY bucket, key

-- name: usage_stats_labels
-- The names of these users or plans.
SELECT id::text AS key, coalesce(nullif(name, ''), email, contact_email, id::text) AS label
FROM users WHERE $1 = 'user' AND id = ANY ($2::uuid[])
UNION ALL
SELECT plan_type, name FROM plans WHERE $1 = 'plan'

-- name: usage_stats_revenue
-- Payments for credits minus refunds, per bucket and key; keys as in usage_stats_events, but users
-- and plans only.
SELECT date_trunc($1, t.created_at) AS bucket,
       CASE $2 WHEN 'user' THEN CASE WHEN t.user_id = ANY ($6::uuid[]) THEN t.user_id::text ELSE '' END
               WHEN 'plan' THEN coalesce(s.plan_type, '')
               ELSE '' END AS key,
       sum(t.amount_paid) AS revenue_brl
FROM credit_transactions t
LEFT JOIN subscription_spans s
       ON $2 = 'plan' AND s.user_id = t.user_id AND t.created_at >= s.starts_at AND t.created_at < s.ends_at
WHERE t.created_at >= $3::date::timestamptz AND t.created_at < ($4::date + 1)::timestamptz AND ($5::uuid IS NULL OR t.user_id = $5)
  AND t.transaction_type IN ('purchase', 'refund')
GROUP BY 1, 2

-- name: usage_stats_rollup
-- The figures of usage_stats_events for all users, from the rollups: {table} is usage_hours for
-- hours, else usage_days; {durations} is the sum of duration_counts per band.
SELECT date_trunc($1, {instant}) AS bucket,
       CASE $2 WHEN 'model' THEN r.model_asked
               WHEN 'plan' THEN r.plan_type
               WHEN 'front_end' THEN coalesce(f.name, '')
               ELSE '' END AS key,
       sum(r.requests)::bigint AS requests, sum(r.input_tokens)::bigint AS input_tokens,
       sum(r.output_tokens)::bigint AS output_tokens, sum(r.tokens_charged)::bigint AS tokens_charged, sum(r.cost_usd) AS cost_usd,
       {durations} AS duration_counts
FROM {table} r
LEFT JOIN front_end_keys f ON $2 = 'front_end' AND f.id = r.front_end_key_id
WHERE r.local_day BETWEEN $3 AND $4 AND ($5::text IS NULL OR r.model_asked = $5)
GROUP BY 1, 2

-- name: usage_stats_sum_of_days
SELECT sum(t.tokens_used) AS tokens FROM token_usage t WHERE t.user_id = b.user_id AND t.usage_date BETWEEN $1 AND $2 OFFSET 0

-- name: usage_stats_sum_of_events
SELECT sum(e.tokens_charged) AS tokens FROM usage_events e
WHERE e.user_id = b.user_id AND e.local_day BETWEEN $1 AND $2 AND e.occurred_at >= ($1::date - 2)::timestamptz AND e.model_asked = $3
OFFSET 0

-- name: usage_stats_top_users
-- The $4 users with the most tokens charged on the days $1..$2, with the model $3 or all, most
-- first. An upper bound of each user's tokens comes from the full months around many days ($5)
-- plus what is not counted by months yet, else from the days themselves. Likely top users are
-- summed exactly; a user whose bound is below the least of them is skipped.
WITH progress AS (
    SELECT CASE WHEN $5 THEN users_rolled_until ELSE '-infinity' END AS day FROM rollup_progress
), bounds AS MATERIALIZED (
    SELECT user_id, sum(tokens) AS most
    FROM (
        SELECT m.user_id, m.tokens_charged AS tokens
        FROM usage_user_months m
        WHERE $5 AND m.month >= date_trunc('month', $1::date)::date AND m.month <= $2 AND m.model_asked = coalesce($3::text, '')
        UNION ALL
        SELECT t.user_id, t.tokens_used
        FROM token_usage t
        WHERE $3::text IS NULL AND t.usage_date >= $1 AND t.usage_date >= (SELECT day FROM progress) AND t.usage_date <= $2
        UNION ALL
        SELECT e.user_id, e.tokens_charged
        FROM usage_events e
        WHERE $3::text IS NOT NULL AND e.model_asked = $3
          AND e.local_day >= $1 AND e.local_day >= (SELECT day FROM progress) AND e.local_day <= $2
    ) AS parts
    GROUP BY user_id
), likeliest AS MATERIALIZED (
    SELECT s.tokens
    FROM (SELECT user_id FROM bounds ORDER BY most DESC LIMIT $4) AS b
    CROSS JOIN LATERAL ({sum}) AS s
), sums AS (
    SELECT b.user_id, s.tokens
    FROM bounds b
    CROSS JOIN LATERAL ({sum}) AS s
    WHERE b.most >= (SELECT CASE WHEN count(tokens) = $4 THEN min(tokens) ELSE 0 END FROM likeliest)
)
SELECT user_id FROM sums WHERE tokens > 0 ORDER BY tokens DESC, user_id LIMIT $4

-- name: usage_stats_traffic
-- Calls and failed calls per bucket and key; keys as in usage_stats_events, but models and front
-- ends only. $6: whether UTC hours align with the session time zone's; then rolled-up hours are
-- not counted by minute.
SELECT date_trunc($1, t.at) AS bucket,
       CASE $2 WHEN 'model' THEN t.model WHEN 'front_end' THEN t.front_end ELSE '' END AS key,
       sum(t.requests)::bigint AS calls, sum(t.errors)::bigint AS errors
FROM (
    SELECT h.hour AS at, h.model, h.front_end, h.requests, h.errors
    FROM traffic_hours h
    WHERE $6 AND h.hour >= $3::date::timestamptz AND h.hour < ($4::date + 1)::timestamptz
    UNION ALL
    SELECT m.minute, m.model, m.front_end, m.requests, m.errors
    FROM traffic_minutes m
    WHERE m.minute >= $3::date::timestamptz AND m.minute < ($4::date + 1)::timestamptz
      AND (NOT $6 OR m.minute >= (SELECT traffic_rolled_until FROM rollup_progress))
) AS t
WHERE $5::text IS NULL OR t.model = $5
GROUP BY 1, 2

-- name: user_alerts
-- The alerts sent to one user, newest first, after a position.
SELECT id, period_start, threshold_percent, usage_percent, created_at, acknowledged_at
FROM usage_alerts
WHERE user_id = $1 AND (created_at, id) < ($2::timestamptz, $3::uuid)
ORDER BY created_at DESC, id DESC
LIMIT $4

-- name: user_days
-- One user's days from $2 to $3, those without use included.
SELECT d.day::date AS usage_date, coalesce(t.tokens_used, 0) AS tokens_used, t.tokens_remaining
FROM generate_series($2::date::timestamp, $3::date::timestamp, interval '1 day') AS d (day)
LEFT JOIN token_usage t ON t.user_id = $1 AND t.usage_date = d.day::date
ORDER BY 1

-- name: users_api_keys
-- A user's API keys without their hashes.
SELECT id, name, prefix, created_at, last_used_at, revoked_at
FROM api_keys
WHERE user_id = $1
ORDER BY created_at DESC, id
LIMIT 200

-- name: users_balances
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

-- name: users_detail
-- Details of one user beyond users_rows: subscription, counts and account facts.
SELECT u.updated_at, u.email_verified, u.suspension_reason, u.anonymised_at,
       EXISTS (SELECT FROM credentials k WHERE k.user_id = u.id AND k.password_hash <> '') AS has_password,
       coalesce((SELECT w.alert_thresholds_percent FROM wallets w WHERE w.user_id = u.id), '{80,90,100}') AS alert_thresholds_percent,
       s.id AS subscription_id, s.plan_type, p.name AS plan_name, s.start_date, s.end_date,
       (SELECT count(*) FROM usage_events e
        WHERE e.user_id = u.id AND e.local_day >= date_trunc('month', now())::date) AS requests_this_period,
       (SELECT count(*) FROM token_usage t WHERE t.user_id = u.id) AS days_with_use,
       (SELECT count(*) FROM holds h WHERE h.user_id = u.id AND h.state = 'open') AS open_holds,
       (SELECT count(*) FROM credit_transactions c WHERE c.user_id = u.id) AS credit_transactions,
       (SELECT count(*) FROM credit_requests r WHERE r.user_id = u.id AND r.state = 'pending') AS pending_credit_requests
FROM users u
LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
LEFT JOIN plans p ON p.plan_type = s.plan_type
WHERE u.id = $1

-- name: users_find
-- The ids of one page of the matching users, in order, and the number of matches per state,
-- regardless of the state filter. Follows the CTE `balances`. For filters by user attributes.
, matching AS MATERIALIZED (
    SELECT id, state,
           CASE $11 WHEN 'name' THEN folded_text(name) WHEN 'email' THEN coalesce(email, contact_email, '') END AS text_key,
           CASE $11 WHEN 'created_at' THEN extract(epoch FROM created_at)::float8
                    WHEN 'usage_percent' THEN unrounded_percent
                    WHEN 'tokens_used' THEN used::float8
                    WHEN 'tokens_remaining' THEN tokens_remaining::float8 END AS number_key
    FROM balances
    WHERE ($1::text[] IS NULL
           OR concat_ws(' ', folded_text(name), lower(email), lower(contact_email)) LIKE ALL ($1)
           OR starts_with(id::text, $2::text))
      AND ($4::text IS NULL OR plan = $4)
      AND ($5::float8 IS NULL OR usage_percent >= $5)
      AND ($6::float8 IS NULL OR usage_percent <= $6)
      AND ($7::date IS NULL OR created_at >= $7::date::timestamptz)
      AND ($8::date IS NULL OR created_at < ($8::date + 1)::timestamptz)
      AND ($9::text IS NULL OR role = $9)
)
SELECT ARRAY(
           SELECT id
           FROM matching
           WHERE $3::text IS NULL OR state = $3
           ORDER BY CASE WHEN $12 THEN NULL ELSE text_key END, CASE WHEN $12 THEN text_key END DESC,
                    CASE WHEN $12 THEN -number_key ELSE number_key END, id
           LIMIT $10 OFFSET $13
       ) AS ids,
       coalesce((SELECT jsonb_object_agg(state, users) FROM (SELECT state, count(*) AS users FROM matching GROUP BY state) AS c),
                '{}'::jsonb) AS users_by_state

-- name: users_identities
-- A user's identities in front ends.
SELECT f.name AS front_end, f.kind, i.external_id, i.created_at
FROM identities i
JOIN front_end_keys f ON f.id = i.front_end_key_id
WHERE i.user_id = $1
ORDER BY i.created_at, f.name, i.external_id
LIMIT 200

-- name: users_page_among
-- One page of the users $1, sorted by an attribute.
SELECT u.id FROM users u WHERE u.id = ANY ($1::uuid[]) ORDER BY {order}, u.id LIMIT $2 OFFSET $3

-- name: users_page_by_walk
-- One page of the users of a plan, state and band, by a scan in sort order that checks each user's
-- standing: fast if many match. Follows the CTE `standings`.
SELECT u.id
FROM users u
CROSS JOIN LATERAL (
    SELECT FROM standings t
    WHERE t.id = u.id AND ($1::float8 IS NULL OR t.usage_percent >= $1) AND ($2::float8 IS NULL OR t.usage_percent <= $2)
      AND ($3::text IS NULL OR t.state = $3)
      AND ($4::text IS NULL OR t.id IN (SELECT s.user_id FROM subscriptions s WHERE s.active AND s.plan_type = $4))
    OFFSET 0
) AS standing
ORDER BY {order}, u.id
LIMIT $5 OFFSET $6

-- name: users_page_of_all
-- One page of all users, sorted by an attribute.
SELECT u.id FROM users u ORDER BY {order}, u.id LIMIT $1 OFFSET $2

-- name: users_rows
-- Users by their ids, in the order given, with their last use. Follows the CTE `balances`. The
-- last use is the last event's; if its month was detached, the last day of the rollup.
SELECT b.*, coalesce(
    (SELECT e.occurred_at FROM usage_events e WHERE e.user_id = b.id ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1),
    (SELECT max(t.usage_date)::timestamptz FROM token_usage t WHERE t.user_id = b.id)
) AS last_used_at
FROM balances b
WHERE b.id = ANY ($1::uuid[])
ORDER BY array_position($1::uuid[], b.id)

-- name: users_stand
-- The number of users of a plan ($4) and a usage band ($1 to $2) in each state, the number of all
-- users, and the ids of those also in state $3, from $6 on, at most $5, sorted by {figure}.
-- Follows the CTE `standings`. Each standing is computed once; the percent is rounded only near
-- the band's limits, since rounding is slow.
, kept AS MATERIALIZED (
    SELECT t.id, t.state, {figure} AS figure,
           ($1::float8 IS NULL OR (t.unrounded_percent >= $1 - 0.01 AND t.usage_percent >= $1))
           AND ($2::float8 IS NULL OR (t.unrounded_percent <= $2 + 0.01 AND t.usage_percent <= $2))
           AND ($4::text IS NULL OR t.id IN (SELECT s.user_id FROM subscriptions s WHERE s.active AND s.plan_type = $4)) AS is_wanted
    FROM standings t
)
SELECT ARRAY(SELECT id FROM kept WHERE is_wanted AND ($3::text IS NULL OR state = $3)
             ORDER BY figure {direction}, id LIMIT $5 OFFSET $6) AS ids,
       (SELECT count(*) FROM kept) AS users,
       coalesce((SELECT jsonb_object_agg(state, users)
                 FROM (SELECT state, count(*) AS users FROM kept WHERE is_wanted GROUP BY state) AS c), '{}'::jsonb) AS users_by_state

-- name: users_standings
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

-- name: write_traffic
-- Writes one process's minutes. The figures are the minute's totals so far, so a repeated write
-- has no further effect.
INSERT INTO traffic_minutes (minute, process_id, model, front_end, requests, errors, proxy_ms_counts, litellm_ms_counts)
SELECT minute, $1, model, front_end, requests, errors, proxy_ms_counts, litellm_ms_counts
FROM jsonb_to_recordset($2) AS t (
    minute timestamptz, model text, front_end text, requests integer, errors integer,
    proxy_ms_counts integer[], litellm_ms_counts integer[])
ON CONFLICT (minute, process_id, model, front_end) DO UPDATE
SET requests = excluded.requests, errors = excluded.errors,
    proxy_ms_counts = excluded.proxy_ms_counts, litellm_ms_counts = excluded.litellm_ms_counts
