-- ledger_consume_v1: reserve and settle in one step, for tokens that are known already. A repeat returns the first event.
-- Outcomes: those of reserve and settle; settled when it was charged now.
CREATE OR REPLACE FUNCTION ledger_consume_v1(
    p_user uuid, p_request_id text, p_fingerprint text, p_call jsonb, p_usage jsonb, p_at timestamptz,
    OUT outcome text, OUT event usage_events, OUT wallet wallets, OUT crossed_percent smallint[]
) LANGUAGE plpgsql AS $$
DECLARE
    charged bigint := (p_usage ->> 'tokens_charged')::bigint;
    r       record;
BEGIN
    SELECT * INTO r FROM ledger_reserve_v1(p_user, p_request_id, p_fingerprint, charged, charged, 0, p_call, 60, p_at);
    IF r.outcome NOT IN ('held', 'repeated') THEN
        outcome := r.outcome;
        wallet := r.wallet;
        RETURN;
    END IF;
    SELECT * INTO r FROM ledger_settle_v1(p_user, p_request_id, 'settled', p_usage, p_at);
    outcome := r.outcome;
    event := r.event;
    wallet := r.wallet;
    crossed_percent := r.crossed_percent;
END $$;
