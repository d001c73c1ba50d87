-- ledger_settle_batch_v1: many settlements in one transaction; the same bookkeeping as ledger_settle_v1, set by set. Several of one
-- user share his buckets in their order. Returns a row per hold ended now; one without a row (ended before, unknown, a period to
-- open) was not touched and goes through ledger_settle_v1. Wallets are locked first, then holds, both in order.
CREATE OR REPLACE FUNCTION ledger_settle_batch_v1(p_users uuid[], p_request_ids text[], p_usages jsonb[], p_at timestamptz)
RETURNS TABLE (
    ordinal bigint, event_id uuid, tokens_charged bigint, allowance_part bigint, credits_part bigint, overage bigint,
    tokens_remaining bigint, occurred_at timestamptz, model_asked text, wallet wallets, crossed_percent smallint[]
) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM wallets w WHERE w.user_id = ANY (p_users) ORDER BY w.user_id FOR UPDATE;
    PERFORM FROM holds h
    WHERE (h.user_id, h.request_id) IN (SELECT * FROM unnest(p_users, p_request_ids)) AND h.state = 'open'
    ORDER BY h.user_id, h.request_id FOR UPDATE;
    RETURN QUERY
    WITH input AS MATERIALIZED (
        SELECT DISTINCT ON (i.user_id, i.request_id) i.*, (i.usage ->> 'tokens_charged')::bigint AS charged
        FROM unnest(p_users, p_request_ids, p_usages) WITH ORDINALITY AS i (user_id, request_id, usage, ordinal)
        JOIN wallets w ON w.user_id = i.user_id AND w.period_start >= date_trunc('month', p_at)::date
        ORDER BY i.user_id, i.request_id, i.ordinal
    ), ended AS (
        UPDATE holds h SET state = 'settled', ended_at = p_at, event_id = gen_random_uuid()
        FROM input i
        WHERE h.user_id = i.user_id AND h.request_id = i.request_id AND h.state = 'open'
        RETURNING h.user_id, h.request_id, h.event_id, h.tokens, h.call, i.usage, i.charged, i.ordinal
    ), in_order AS (
        SELECT e.*, w.period_start, greatest(w.allowance - w.allowance_used, 0) AS allowance_left, w.credits AS credits_left,
               sum(e.charged) OVER (PARTITION BY e.user_id ORDER BY e.ordinal) AS upto,
               w.held - sum(e.tokens) OVER (PARTITION BY e.user_id ORDER BY e.ordinal) AS still_held
        FROM ended e JOIN wallets w ON w.user_id = e.user_id
    ), parts AS (
        SELECT o.*,
               least(o.upto, o.allowance_left) - least(o.upto - o.charged, o.allowance_left) AS from_allowance,
               least(greatest(o.upto - o.allowance_left, 0), o.credits_left)
                 - least(greatest(o.upto - o.charged - o.allowance_left, 0), o.credits_left) AS from_credits,
               greatest(greatest(o.allowance_left + o.credits_left - o.upto, 0) - o.still_held, 0)::bigint AS remaining,
               greatest(p_at::date, o.period_start) AS local_day
        FROM in_order o
    ), recorded AS (
        INSERT INTO usage_events
        SELECT r.*
        FROM parts p, LATERAL jsonb_populate_record(NULL::usage_events, p.call || jsonb_strip_nulls(p.usage) || jsonb_build_object(
            'id', p.event_id, 'user_id', p.user_id, 'request_id', p.request_id, 'occurred_at', p_at, 'local_day', p.local_day,
            'allowance_part', p.from_allowance, 'credits_part', p.from_credits,
            'overage', p.charged - p.from_allowance - p.from_credits, 'tokens_remaining', p.remaining)) AS r
    ), sums AS (
        SELECT p.user_id, sum(p.tokens) AS given_back, sum(p.charged) AS charged, sum(p.from_allowance) AS from_allowance,
               sum(p.from_credits) AS from_credits, max(p.local_day) AS local_day, max(p.ordinal) AS last_ordinal
        FROM parts p GROUP BY p.user_id
    ), after AS (
        SELECT s.*, w.alerted_percent AS told_percent, w.used + s.charged AS used,
               w.allowance - w.allowance_used - s.from_allowance + w.credits - s.from_credits AS left_after
        FROM sums s JOIN wallets w ON w.user_id = s.user_id
    ), changed AS (
        UPDATE wallets w
        SET allowance_used = w.allowance_used + a.from_allowance, credits = w.credits - a.from_credits, held = w.held - a.given_back,
            used = a.used, overage = w.overage + a.charged - a.from_allowance - a.from_credits,
            alerted_percent = greatest(w.alerted_percent, (
                SELECT max(t) FROM unnest(w.alert_thresholds_percent) AS t
                WHERE a.used > 0 AND a.used * 100 >= t * (a.used + a.left_after)))
        FROM after a
        WHERE w.user_id = a.user_id
        RETURNING w AS wallet
    ), days AS (
        INSERT INTO token_usage AS d (user_id, usage_date, tokens_used, tokens_remaining, created_at)
        SELECT a.user_id, a.local_day, least(a.charged, 2147483647),
               least(greatest(a.left_after - (c.wallet).held, 0), 2147483647), p_at
        FROM after a JOIN changed c ON (c.wallet).user_id = a.user_id
        WHERE a.charged > 0
        ON CONFLICT (user_id, usage_date) DO UPDATE
        SET tokens_used = least(d.tokens_used::bigint + excluded.tokens_used, 2147483647), tokens_remaining = excluded.tokens_remaining
    ), alerts AS (
        INSERT INTO usage_alerts AS u (user_id, period_start, alert_round, threshold_percent, usage_percent, created_at)
        SELECT a.user_id, (c.wallet).period_start, (c.wallet).alert_round, t,
               round(100.0 * a.used / (a.used + a.left_after), 2), p_at
        FROM after a
        JOIN changed c ON (c.wallet).user_id = a.user_id
        CROSS JOIN LATERAL unnest((c.wallet).alert_thresholds_percent) AS t
        WHERE t > a.told_percent AND t <= (c.wallet).alerted_percent
        ON CONFLICT DO NOTHING
        RETURNING u.user_id, u.threshold_percent
    )
    SELECT p.ordinal, p.event_id, p.charged, p.from_allowance::bigint, p.from_credits::bigint,
           (p.charged - p.from_allowance - p.from_credits)::bigint, p.remaining, p_at, p.call ->> 'model_asked', c.wallet,
           CASE WHEN p.ordinal = s.last_ordinal
                THEN (SELECT array_agg(l.threshold_percent ORDER BY l.threshold_percent) FROM alerts l WHERE l.user_id = p.user_id) END
    FROM parts p
    JOIN sums s ON s.user_id = p.user_id
    JOIN changed c ON (c.wallet).user_id = p.user_id;
END $$;
