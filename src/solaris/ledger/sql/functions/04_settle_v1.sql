-- ledger_settle_v1: ends a hold with what was really used: one event, the wallet, the day's rollup and the crossed thresholds,
-- in one transaction. A second call changes nothing and returns the first event.
-- Outcomes: settled; repeated; released (the hold was given back before); unknown (no such hold).
-- p_usage: the event's own columns as JSON (counts, tokens_charged, ending, estimated, model_answered, cost_usd, times, trace …);
-- what it lacks comes from the hold's call.
CREATE OR REPLACE FUNCTION ledger_settle_v1(
    p_user uuid, p_request_id text, p_final_state text, p_usage jsonb, p_at timestamptz,
    OUT outcome text, OUT event usage_events, OUT wallet wallets, OUT crossed_percent smallint[]
) LANGUAGE plpgsql AS $$
DECLARE
    h          holds;
    charged    bigint := (p_usage ->> 'tokens_charged')::bigint;
    event_key  uuid := gen_random_uuid();
    left_after bigint;
BEGIN
    wallet := ledger_wallet_v1(p_user, p_at);
    UPDATE holds SET state = p_final_state, ended_at = p_at, event_id = event_key
    WHERE user_id = p_user AND request_id = p_request_id AND state = 'open'
    RETURNING * INTO h;
    IF NOT FOUND THEN
        SELECT * INTO h FROM holds WHERE user_id = p_user AND request_id = p_request_id;
        IF NOT FOUND THEN
            outcome := 'unknown';
        ELSIF h.event_id IS NULL THEN
            outcome := 'released';
        ELSE
            outcome := 'repeated';
            SELECT * INTO event FROM usage_events WHERE user_id = p_user AND request_id = p_request_id;
        END IF;
        RETURN;
    END IF;

    event := jsonb_populate_record(NULL::usage_events, h.call || jsonb_strip_nulls(p_usage));
    event.id := event_key;
    event.user_id := p_user;
    event.request_id := p_request_id;
    event.occurred_at := p_at;
    event.local_day := greatest(p_at::date, wallet.period_start);
    event.allowance_part := least(charged, wallet.allowance - wallet.allowance_used);
    event.credits_part := least(charged - event.allowance_part, wallet.credits);
    event.overage := charged - event.allowance_part - event.credits_part;
    event.tokens_remaining := greatest(wallet.allowance - wallet.allowance_used - event.allowance_part
                                       + wallet.credits - event.credits_part - wallet.held + h.tokens, 0);
    INSERT INTO usage_events SELECT event.*;

    UPDATE wallets
    SET allowance_used = allowance_used + event.allowance_part, credits = credits - event.credits_part,
        held = held - h.tokens, used = used + charged, overage = overage + event.overage
    WHERE user_id = p_user
    RETURNING * INTO wallet;
    left_after := wallet.allowance - wallet.allowance_used + wallet.credits;

    IF charged > 0 THEN
        -- The customer's columns are integer: a day beyond 2^31 stays at the limit here, the events hold the exact figure.
        INSERT INTO token_usage AS t (user_id, usage_date, tokens_used, tokens_remaining, created_at)
        VALUES (p_user, event.local_day, least(charged, 2147483647), least(greatest(left_after - wallet.held, 0), 2147483647), p_at)
        ON CONFLICT (user_id, usage_date) DO UPDATE
        SET tokens_used = least(t.tokens_used::bigint + charged, 2147483647), tokens_remaining = excluded.tokens_remaining;
    END IF;

    SELECT array_agg(t ORDER BY t) INTO crossed_percent
    FROM unnest(wallet.alert_thresholds_percent) AS t
    WHERE t > wallet.alerted_percent AND wallet.used * 100 >= t * (wallet.used + left_after) AND wallet.used > 0;
    IF crossed_percent IS NOT NULL THEN
        WITH told AS (
            INSERT INTO usage_alerts (user_id, period_start, alert_round, threshold_percent, usage_percent, created_at)
            SELECT p_user, wallet.period_start, wallet.alert_round, t, round(100.0 * wallet.used / (wallet.used + left_after), 2), p_at
            FROM unnest(crossed_percent) AS t
            ON CONFLICT DO NOTHING
            RETURNING threshold_percent
        )
        SELECT array_agg(threshold_percent ORDER BY threshold_percent) INTO crossed_percent FROM told;
        UPDATE wallets SET alerted_percent = greatest(alerted_percent, (SELECT max(t) FROM unnest(crossed_percent) AS t))
        WHERE user_id = p_user
        RETURNING * INTO wallet;
    END IF;
    outcome := 'settled';
END $$;
