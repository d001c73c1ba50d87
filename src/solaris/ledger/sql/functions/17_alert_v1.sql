-- ledger_alert_v1: writes down the thresholds that this wallet, locked and just charged, has passed and its user was not told of in
-- this round. Returns those that are told now, ascending; null where there are none.
CREATE OR REPLACE FUNCTION ledger_alert_v1(p_wallet wallets, p_at timestamptz) RETURNS smallint[] LANGUAGE plpgsql AS $$
DECLARE
    total   bigint := p_wallet.used + p_wallet.allowance - p_wallet.allowance_used + p_wallet.credits;
    crossed smallint[];
BEGIN
    SELECT array_agg(t ORDER BY t) INTO crossed
    FROM unnest(p_wallet.alert_thresholds_percent) AS t
    WHERE t > p_wallet.alerted_percent AND p_wallet.used > 0 AND p_wallet.used * 100 >= t * total;
    IF crossed IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE wallets SET alerted_percent = (SELECT max(t) FROM unnest(crossed) AS t) WHERE user_id = p_wallet.user_id;
    WITH told AS (
        INSERT INTO usage_alerts (user_id, period_start, alert_round, threshold_percent, usage_percent, created_at)
        SELECT p_wallet.user_id, p_wallet.period_start, p_wallet.alert_round, t, round(100.0 * p_wallet.used / total, 2), p_at
        FROM unnest(crossed) AS t
        ON CONFLICT DO NOTHING
        RETURNING threshold_percent
    )
    SELECT array_agg(threshold_percent ORDER BY threshold_percent) INTO crossed FROM told;
    RETURN crossed;
END $$;
