-- ledger_grant_v1: adds tokens to credits, or takes them back (refund, negative adjustment). Debt is repaid first; tokens taken
-- back beyond what is left become debt. The same idempotency key has one effect; the first transaction comes back.
-- Outcomes: granted; repeated; conflict (same key, other grant); too_much (credits would pass the limit); unknown_user.
CREATE OR REPLACE FUNCTION ledger_grant_v1(
    p_user uuid, p_tokens integer, p_amount_brl numeric, p_type text, p_note text, p_actor uuid,
    p_key text, p_fingerprint text, p_credits_limit bigint, p_at timestamptz,
    OUT outcome text, OUT transaction credit_transactions, OUT wallet wallets
) LANGUAGE plpgsql AS $$
DECLARE
    repaid    bigint := 0;
    shortfall bigint := 0;
BEGIN
    IF NOT EXISTS (SELECT FROM users WHERE id = p_user) THEN
        outcome := 'unknown_user';
        RETURN;
    END IF;
    wallet := ledger_wallet_v1(p_user, p_at);
    SELECT * INTO transaction FROM credit_transactions WHERE idempotency_key = p_key;
    IF NOT FOUND AND wallet.credits + p_tokens > p_credits_limit THEN
        outcome := 'too_much';
        RETURN;
    ELSIF NOT FOUND THEN
        INSERT INTO credit_transactions (user_id, tokens_added, amount_paid, transaction_type, created_at, note, actor_id,
                                         idempotency_key, fingerprint)
        VALUES (p_user, p_tokens, p_amount_brl, p_type, p_at, p_note, p_actor, p_key, p_fingerprint)
        ON CONFLICT (idempotency_key) DO NOTHING
        RETURNING * INTO transaction;
        IF FOUND THEN
            outcome := 'granted';
        ELSE
            SELECT * INTO transaction FROM credit_transactions WHERE idempotency_key = p_key;
        END IF;
    END IF;
    IF outcome IS NULL THEN
        outcome := CASE WHEN transaction.fingerprint = p_fingerprint AND transaction.user_id = p_user THEN 'repeated' ELSE 'conflict' END;
        RETURN;
    END IF;

    IF p_tokens > 0 THEN
        repaid := least(wallet.overage, p_tokens);
    ELSE
        shortfall := greatest(-p_tokens - wallet.credits, 0);
    END IF;
    IF repaid > 0 OR shortfall > 0 THEN
        INSERT INTO overage_entries (user_id, tokens, bucket, period_start, transaction_id, created_at)
        VALUES (p_user, shortfall - repaid, 'credits', wallet.period_start, transaction.id, p_at);
    END IF;
    UPDATE wallets
    SET credits = credits + p_tokens - repaid + shortfall, overage = overage - repaid + shortfall
    WHERE user_id = p_user
    RETURNING * INTO wallet;
    IF p_tokens > 0 THEN
        -- Re-armed: only what is still exceeded counts as told.
        UPDATE wallets
        SET alert_round = alert_round + 1, refused_tokens = 0,
            alerted_percent = coalesce((
                SELECT max(t) FROM unnest(alert_thresholds_percent) AS t
                WHERE t <= alerted_percent AND used * 100 >= t * (used + allowance - allowance_used + credits)), 0)
        WHERE user_id = p_user
        RETURNING * INTO wallet;
    END IF;
END $$;
