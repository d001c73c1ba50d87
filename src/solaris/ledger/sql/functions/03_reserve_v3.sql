-- ledger_reserve_v3: sets tokens aside for one call. Grants from p_least to p_most: beyond p_least at most one p_share-th of what
-- is free then, so that one call never takes what others of the same user need at the same moment.
-- Outcomes: held; repeated (the first hold comes back); conflict (same request id, other body); insufficient (also without the holds
-- of other calls); tokens_held (it would fit without them); too_many_calls (p_max_calls are open); suspended; unknown_user.
-- The wallet comes back with all but unknown_user.
CREATE OR REPLACE FUNCTION ledger_reserve_v3(
    p_user uuid, p_request_id text, p_fingerprint text, p_least bigint, p_most bigint, p_share integer, p_max_calls integer,
    p_input_tokens bigint, p_terms bigint, p_client text, p_front_end_key uuid, p_conversation text, p_trace text, p_attempt text,
    p_counted_tokens bigint, p_lease_seconds integer, p_at timestamptz,
    OUT outcome text, OUT hold_tokens bigint, OUT hold_state text, OUT period_start date, OUT allowance bigint,
    OUT allowance_used bigint, OUT credits bigint, OUT held bigint, OUT used bigint, OUT overage bigint, OUT refused_tokens bigint
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    allowed boolean;
    w       wallets;
    known   record;
    free    bigint;
    counted integer := 1;
BEGIN
    -- The usual case in one step: there is enough for all of it.
    UPDATE wallets SET held = wallets.held + p_most, open_calls = wallets.open_calls + 1, refused_tokens = 0
    FROM users u
    WHERE wallets.user_id = p_user AND u.id = p_user AND u.active AND wallets.period_start >= date_trunc('month', p_at)::date
      AND p_least + (p_most - p_least) * p_share <= wallets.allowance - wallets.allowance_used + wallets.credits - wallets.held
      AND wallets.open_calls < p_max_calls
    RETURNING wallets.* INTO w;
    IF FOUND THEN
        hold_tokens := p_most;
    ELSE
        SELECT u.active INTO allowed FROM users u WHERE u.id = p_user;
        IF NOT FOUND THEN
            outcome := 'unknown_user';
            RETURN;
        END IF;
        w := ledger_wallet_v1(p_user, p_at);
        free := w.allowance - w.allowance_used + w.credits - w.held;
        hold_tokens := 0;
        counted := 0;
        IF EXISTS (SELECT FROM holds h WHERE h.user_id = p_user AND h.request_id = p_request_id) THEN
            NULL; -- the insert below finds it
        ELSIF NOT allowed THEN
            outcome := 'suspended';
        ELSIF free + w.held < p_least THEN
            outcome := 'insufficient';
            w := ledger_refuse_v1(w, p_least, p_at);
        ELSIF w.open_calls >= p_max_calls THEN
            outcome := 'too_many_calls';
        ELSIF free < p_least THEN
            outcome := 'tokens_held';
        ELSE
            counted := 1;
            hold_tokens := least(p_most, p_least + (free - p_least) / p_share);
            UPDATE wallets SET held = wallets.held + hold_tokens, open_calls = wallets.open_calls + 1, refused_tokens = 0
            WHERE user_id = p_user RETURNING * INTO w;
        END IF;
    END IF;

    IF outcome IS NULL THEN
        INSERT INTO holds (user_id, request_id, tokens, fingerprint, input_tokens, terms_id, client, front_end_key_id,
                           conversation_id, trace_id, attempt, counted_tokens, created_at, expires_at)
        VALUES (p_user, p_request_id, hold_tokens, p_fingerprint, p_input_tokens, p_terms, p_client, p_front_end_key,
                p_conversation, p_trace, p_attempt, p_counted_tokens, p_at, p_at + make_interval(secs => p_lease_seconds))
        ON CONFLICT DO NOTHING;
        IF FOUND THEN
            outcome := 'held';
            hold_state := 'open';
        ELSE
            UPDATE wallets SET held = wallets.held - hold_tokens, open_calls = greatest(wallets.open_calls - counted, 0)
            WHERE user_id = p_user RETURNING * INTO w;
            SELECT h.tokens, h.state, h.fingerprint INTO known FROM holds h WHERE h.user_id = p_user AND h.request_id = p_request_id;
            outcome := CASE WHEN known.fingerprint = p_fingerprint THEN 'repeated' ELSE 'conflict' END;
            hold_tokens := known.tokens;
            hold_state := known.state;
        END IF;
    END IF;
    period_start := w.period_start;
    allowance := w.allowance;
    allowance_used := w.allowance_used;
    credits := w.credits;
    held := w.held;
    used := w.used;
    overage := w.overage;
    refused_tokens := w.refused_tokens;
END $$;
