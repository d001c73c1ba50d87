-- ledger_expire_v1: settles one hold whose lease ran out (its proxy is gone) at what was last seen: the prompt and the output so
-- far, marked estimated. A hold that was renewed or ended meanwhile is left alone (null comes back).
CREATE OR REPLACE FUNCTION ledger_expire_v1(
    p_user uuid, p_request_id text, p_at timestamptz,
    OUT outcome text, OUT event usage_events, OUT wallet wallets, OUT crossed_percent smallint[]
) LANGUAGE plpgsql AS $$
DECLARE
    h       holds;
    charged bigint;
    r       record;
BEGIN
    PERFORM FROM wallets WHERE user_id = p_user FOR UPDATE;
    SELECT * INTO h FROM holds
    WHERE user_id = p_user AND request_id = p_request_id AND state = 'open' AND expires_at <= p_at
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    charged := ceil((h.call ->> 'conversion_factor')::numeric * ((h.call ->> 'input_weight')::numeric * h.input_tokens
                                                               + (h.call ->> 'output_weight')::numeric * h.output_tokens));
    SELECT * INTO r FROM ledger_settle_v1(p_user, p_request_id, 'expired', jsonb_build_object(
        'tokens_charged', charged, 'input_tokens', h.input_tokens, 'cached_input_tokens', 0, 'output_tokens', h.output_tokens,
        'reasoning_tokens', 0, 'ending', 'proxy_gone', 'estimated', true), p_at);
    outcome := r.outcome;
    event := r.event;
    wallet := r.wallet;
    crossed_percent := r.crossed_percent;
END $$;
