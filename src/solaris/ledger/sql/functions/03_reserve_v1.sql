-- ledger_reserve_v1: sets tokens aside for one call. Grants what the wallet covers, from p_least to p_most.
-- Outcomes: held; repeated (the first hold comes back); conflict (same request id, other body); insufficient; suspended; unknown_user.
CREATE OR REPLACE FUNCTION ledger_reserve_v1(
    p_user uuid, p_request_id text, p_fingerprint text, p_least bigint, p_most bigint,
    p_input_tokens bigint, p_call jsonb, p_lease_seconds integer, p_at timestamptz,
    OUT outcome text, OUT hold_tokens bigint, OUT hold_state text, OUT wallet wallets
) LANGUAGE plpgsql AS $$
DECLARE
    allowed   boolean;
    known     holds;
    available bigint;
BEGIN
    SELECT active INTO allowed FROM users WHERE id = p_user;
    IF NOT FOUND THEN
        outcome := 'unknown_user';
        RETURN;
    END IF;
    wallet := ledger_wallet_v1(p_user, p_at);
    SELECT * INTO known FROM holds WHERE user_id = p_user AND request_id = p_request_id;
    IF FOUND THEN
        outcome := CASE WHEN known.fingerprint = p_fingerprint THEN 'repeated' ELSE 'conflict' END;
        hold_tokens := known.tokens;
        hold_state := known.state;
        RETURN;
    END IF;
    available := wallet.allowance - wallet.allowance_used + wallet.credits - wallet.held;
    IF NOT allowed THEN
        outcome := 'suspended';
        RETURN;
    ELSIF available < p_least THEN
        outcome := 'insufficient';
        RETURN;
    END IF;
    hold_tokens := greatest(least(p_most, available), 0);
    INSERT INTO holds (user_id, request_id, tokens, fingerprint, call, input_tokens, created_at, expires_at)
    VALUES (p_user, p_request_id, hold_tokens, p_fingerprint, p_call, p_input_tokens, p_at, p_at + make_interval(secs => p_lease_seconds));
    UPDATE wallets SET held = held + hold_tokens WHERE user_id = p_user RETURNING * INTO wallet;
    outcome := 'held';
    hold_state := 'open';
END $$;
