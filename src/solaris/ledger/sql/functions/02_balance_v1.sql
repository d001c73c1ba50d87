-- ledger_balance_v1: the wallet in the period of p_at; writes only when that period was not opened yet.
CREATE OR REPLACE FUNCTION ledger_balance_v1(p_user uuid, p_at timestamptz) RETURNS SETOF wallets LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT * FROM wallets WHERE user_id = p_user AND period_start >= date_trunc('month', p_at)::date;
    IF NOT FOUND AND EXISTS (SELECT FROM users WHERE id = p_user) THEN
        RETURN NEXT ledger_wallet_v1(p_user, p_at);
    END IF;
END $$;
