-- ledger_expire_v2: settles one hold whose lease ran out (its proxy is gone) at what was last seen: the prompt and the output so
-- far, marked estimated. A hold that was renewed or ended meanwhile is left alone (null comes back).
CREATE OR REPLACE FUNCTION ledger_expire_v2(p_user uuid, p_request_id text, p_at timestamptz) RETURNS ledger_charge LANGUAGE plpgsql AS $$
DECLARE
    h       holds;
    charged bigint;
BEGIN
    PERFORM FROM wallets WHERE user_id = p_user FOR UPDATE;
    SELECT * INTO h FROM holds
    WHERE user_id = p_user AND request_id = p_request_id AND ended_at IS NULL AND expires_at <= p_at
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF h.terms_id = 0 THEN
        PERFORM ledger_adopt_v1(p_user, p_request_id);
    END IF;
    SELECT ceil(t.conversion_factor * (t.input_weight * h.input_tokens + t.output_weight * h.output_tokens)) INTO STRICT charged
    FROM holds JOIN call_terms t ON t.id = holds.terms_id
    WHERE holds.user_id = p_user AND holds.request_id = p_request_id;
    RETURN ledger_settle_v2(
        p_user, p_request_id, charged, h.input_tokens, 0, h.output_tokens, 0, 'proxy_gone', true, NULL, NULL, NULL, NULL, 'expired', p_at);
END $$;
