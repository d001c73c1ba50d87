-- ledger_consume_v2: reserve and settle in one step, for tokens that are known already. A repeat returns the first event.
-- Outcomes: those of reserve and settle; settled when it was charged now.
CREATE OR REPLACE FUNCTION ledger_consume_v2(
    p_user uuid, p_request_id text, p_fingerprint text, p_charged bigint, p_input_tokens bigint, p_cached_input_tokens bigint,
    p_output_tokens bigint, p_reasoning_tokens bigint, p_ending text, p_estimated boolean, p_model_answered text, p_cost_usd text,
    p_first_byte_ms integer, p_duration_ms integer, p_terms bigint, p_client text, p_front_end_key uuid, p_conversation text,
    p_trace text, p_at timestamptz
) RETURNS ledger_charge LANGUAGE plpgsql AS $$
DECLARE
    r record;
    c ledger_charge;
BEGIN
    SELECT * INTO r FROM ledger_reserve_v3(
        p_user, p_request_id, p_fingerprint, p_charged, p_charged, 1, 2147483647, 0, p_terms, p_client, p_front_end_key,
        p_conversation, p_trace, NULL, NULL, 60, p_at);
    IF r.outcome IN ('held', 'repeated') THEN
        RETURN ledger_settle_v2(
            p_user, p_request_id, p_charged, p_input_tokens, p_cached_input_tokens, p_output_tokens, p_reasoning_tokens, p_ending,
            p_estimated, p_model_answered, p_cost_usd, p_first_byte_ms, p_duration_ms, 'settled', p_at);
    END IF;
    c.outcome := r.outcome;
    c.period_start := r.period_start;
    c.allowance := r.allowance;
    c.allowance_used := r.allowance_used;
    c.credits := r.credits;
    c.held := r.held;
    c.used := r.used;
    c.overage := r.overage;
    RETURN c;
END $$;
