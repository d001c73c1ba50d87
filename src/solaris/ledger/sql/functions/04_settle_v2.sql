-- ledger_settle_v2: ends one hold with what was really used, with the bookkeeping of ledger_settle_batch_v2: one event, the wallet,
-- the day's rollup and the crossed thresholds, in one transaction. A second call changes nothing and returns the first event.
-- Outcomes: settled; repeated; released (the hold was given back before); unknown (no such hold).
CREATE OR REPLACE FUNCTION ledger_settle_v2(
    p_user uuid, p_request_id text, p_charged bigint, p_input_tokens bigint, p_cached_input_tokens bigint, p_output_tokens bigint,
    p_reasoning_tokens bigint, p_ending text, p_estimated boolean, p_model_answered text, p_cost_usd text, p_first_byte_ms integer,
    p_duration_ms integer, p_final_state text, p_at timestamptz
) RETURNS ledger_charge LANGUAGE plpgsql AS $$
DECLARE
    w           wallets;
    h           record;
    first       usage_events;
    key         uuid := (ledger_event_head_v1(p_at) || '00000000')::uuid;
    day         date;
    part        bigint;
    credit_part bigint;
    remaining   bigint;
    model       text;
    reached     bigint;
    crossed     smallint[];
BEGIN
    SELECT * INTO w FROM wallets WHERE user_id = p_user FOR UPDATE;
    IF NOT FOUND THEN
        RETURN ROW('unknown', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::ledger_charge;
    ELSIF w.period_start < date_trunc('month', p_at)::date THEN
        w := ledger_wallet_v1(p_user, p_at);
    END IF;
    UPDATE holds SET state = p_final_state, ended_at = p_at, event_id = key
    WHERE user_id = p_user AND request_id = p_request_id AND ended_at IS NULL
    RETURNING tokens, terms_id, client, front_end_key_id, conversation_id, trace_id INTO h;
    IF NOT FOUND THEN
        SELECT * INTO first FROM usage_events WHERE user_id = p_user AND request_id = p_request_id;
        RETURN ROW(
            CASE WHEN FOUND THEN 'repeated'
                 WHEN EXISTS (SELECT FROM holds WHERE user_id = p_user AND request_id = p_request_id) THEN 'released' ELSE 'unknown' END,
            first.id, first.tokens_charged, first.allowance_part, first.credits_part, first.overage, first.tokens_remaining,
            first.occurred_at, first.model_asked, NULL,
            w.period_start, w.allowance, w.allowance_used, w.credits, w.held, w.used, w.overage)::ledger_charge;
    END IF;

    IF h.terms_id = 0 THEN
        PERFORM ledger_adopt_v1(p_user, p_request_id);
        SELECT tokens, terms_id, client, front_end_key_id, conversation_id, trace_id INTO h
        FROM holds WHERE user_id = p_user AND request_id = p_request_id;
    END IF;

    day := greatest(p_at::date, w.period_start);
    part := least(p_charged, w.allowance - w.allowance_used);
    credit_part := least(p_charged - part, w.credits);
    remaining := greatest(w.allowance - w.allowance_used - part + w.credits - credit_part - w.held + h.tokens, 0);
    INSERT INTO usage_events (
        id, user_id, request_id, local_day, occurred_at, route, ending, estimated, model_asked, model_answered,
        input_tokens, cached_input_tokens, output_tokens, reasoning_tokens,
        input_weight, cached_input_weight, output_weight, reasoning_weight, conversion_factor,
        tokens_charged, allowance_part, credits_part, overage, tokens_remaining,
        cost_usd, first_byte_ms, duration_ms, client, front_end_key_id, conversation_id, trace_id)
    SELECT key, p_user, p_request_id, day, p_at, t.route, (p_ending::usage_ending)::text, p_estimated, t.model_asked, p_model_answered,
           p_input_tokens, p_cached_input_tokens, p_output_tokens, p_reasoning_tokens,
           t.input_weight, t.cached_input_weight, t.output_weight, t.reasoning_weight, t.conversion_factor,
           p_charged, part, credit_part, p_charged - part - credit_part, remaining,
           p_cost_usd::numeric, p_first_byte_ms, p_duration_ms, h.client, h.front_end_key_id, h.conversation_id, h.trace_id
    FROM call_terms t WHERE t.id = h.terms_id
    RETURNING model_asked INTO STRICT model;

    UPDATE wallets
    SET allowance_used = allowance_used + part, credits = credits - credit_part, held = held - h.tokens, open_calls = greatest(open_calls - 1, 0),
        used = used + p_charged, overage = overage + p_charged - part - credit_part
    WHERE user_id = p_user
    RETURNING * INTO w;

    IF p_charged > 0 THEN
        -- The customer's columns are integer: a day beyond 2^31 stays at the limit here, the events hold the exact figure.
        UPDATE token_usage SET tokens_used = least(tokens_used + p_charged, 2147483647), tokens_remaining = least(remaining, 2147483647)
        WHERE user_id = p_user AND usage_date = day;
        IF NOT FOUND THEN
            INSERT INTO token_usage (user_id, usage_date, tokens_used, tokens_remaining, created_at)
            VALUES (p_user, day, least(p_charged, 2147483647), least(remaining, 2147483647), p_at);
        END IF;
    END IF;
    -- In whole percent, as thresholds are.
    reached := w.used * 100 / greatest(w.used + w.allowance - w.allowance_used + w.credits, 1);
    IF reached > w.alerted_percent AND reached >= ANY (w.alert_thresholds_percent) THEN
        crossed := ledger_alert_v1(w, p_at);
    END IF;
    RETURN ROW('settled', key, p_charged, part, credit_part, p_charged - part - credit_part, remaining, p_at, model, crossed,
               w.period_start, w.allowance, w.allowance_used, w.credits, w.held, w.used, w.overage)::ledger_charge;
END $$;
