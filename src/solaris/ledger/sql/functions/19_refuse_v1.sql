-- ledger_refuse_v1: notes on a locked wallet that a call which needs p_least tokens was refused. Where that blocks the user
-- (ledger_is_blocked_v1), the alert of 100 % is raised as if it had been crossed. Returns the wallet after it.
CREATE OR REPLACE FUNCTION ledger_refuse_v1(p_wallet wallets, p_least bigint, p_at timestamptz) RETURNS wallets LANGUAGE plpgsql AS $$
DECLARE
    w          wallets := p_wallet;
    left_over  bigint := w.allowance - w.allowance_used + w.credits;
    raises     boolean;
BEGIN
    raises := w.used > 0 AND w.alerted_percent < 100 AND 100 = ANY (w.alert_thresholds_percent)
              AND ledger_is_blocked_v1(w.used, left_over, p_least);
    IF w.refused_tokens = p_least AND NOT raises THEN
        RETURN w;
    END IF;
    UPDATE wallets SET refused_tokens = p_least, alerted_percent = CASE WHEN raises THEN 100 ELSE alerted_percent END
    WHERE user_id = w.user_id
    RETURNING * INTO w;
    IF raises THEN
        INSERT INTO usage_alerts (user_id, period_start, alert_round, threshold_percent, usage_percent, created_at)
        VALUES (w.user_id, w.period_start, w.alert_round, 100, round(100.0 * w.used / greatest(w.used + left_over, 1), 2), p_at)
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN w;
END $$;
