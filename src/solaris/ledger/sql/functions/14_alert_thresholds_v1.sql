-- ledger_alert_thresholds_v1: the percentages at which a user is told. Thresholds that lie below what he was told already stay
-- untold in this round. Returns those before; null where there is no such user.
CREATE OR REPLACE FUNCTION ledger_alert_thresholds_v1(p_user uuid, p_thresholds smallint[], p_at timestamptz)
RETURNS smallint[] LANGUAGE plpgsql AS $$
DECLARE
    w wallets;
BEGIN
    IF NOT EXISTS (SELECT FROM users WHERE id = p_user) THEN
        RETURN NULL;
    END IF;
    w := ledger_wallet_v1(p_user, p_at);
    UPDATE wallets SET alert_thresholds_percent = p_thresholds WHERE user_id = p_user;
    RETURN w.alert_thresholds_percent;
END $$;
