-- ledger_wallet_v1: locks the user's wallet and brings it to the period that holds p_at. The first touch in a new period opens
-- it (SPEC 3.6): the allowance starts anew, debt is repaid from it first, credits and holds carry over, alerts are re-armed.
-- A wallet never goes back: an instant before its period counts as the period's own. The user must exist.
CREATE OR REPLACE FUNCTION ledger_wallet_v1(p_user uuid, p_at timestamptz) RETURNS wallets LANGUAGE plpgsql AS $$
DECLARE
    w       wallets;
    month   date := date_trunc('month', p_at)::date;
    granted bigint;
    repaid  bigint;
BEGIN
    SELECT * INTO w FROM wallets WHERE user_id = p_user FOR UPDATE;
    IF FOUND AND w.period_start >= month THEN
        RETURN w;
    END IF;
    SELECT coalesce(max(monthly_tokens), 0) INTO granted
    FROM subscriptions
    WHERE user_id = p_user AND active AND (end_date IS NULL OR end_date > p_at);
    IF w.user_id IS NULL THEN
        INSERT INTO wallets (user_id, period_start, allowance) VALUES (p_user, month, granted) ON CONFLICT DO NOTHING;
        IF FOUND THEN
            INSERT INTO period_openings (user_id, period_start, allowance, created_at) VALUES (p_user, month, granted, p_at);
        END IF;
        RETURN ledger_wallet_v1(p_user, p_at);
    END IF;
    repaid := least(w.overage, granted);
    IF repaid > 0 THEN
        INSERT INTO overage_entries (user_id, tokens, bucket, period_start, created_at)
        VALUES (p_user, -repaid, 'allowance', month, p_at);
    END IF;
    INSERT INTO period_openings (user_id, period_start, allowance, created_at) VALUES (p_user, month, granted, p_at);
    UPDATE wallets
    SET period_start = month, allowance = granted, allowance_used = repaid, used = 0, overage = overage - repaid,
        alert_round = alert_round + 1, alerted_percent = 0, refused_tokens = 0
    WHERE user_id = p_user
    RETURNING * INTO w;
    RETURN w;
END $$;
