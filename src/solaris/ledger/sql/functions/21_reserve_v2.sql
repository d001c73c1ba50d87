-- ledger_reserve_v2: for processes of the version before, which know neither shares nor bounds on calls.
CREATE OR REPLACE FUNCTION ledger_reserve_v2(
    p_user uuid, p_request_id text, p_fingerprint text, p_least bigint, p_most bigint, p_input_tokens bigint, p_terms bigint,
    p_client text, p_front_end_key uuid, p_conversation text, p_trace text, p_attempt text, p_counted_tokens bigint,
    p_lease_seconds integer, p_at timestamptz,
    OUT outcome text, OUT hold_tokens bigint, OUT hold_state text, OUT period_start date, OUT allowance bigint,
    OUT allowance_used bigint, OUT credits bigint, OUT held bigint, OUT used bigint, OUT overage bigint
) LANGUAGE sql AS $$
    SELECT CASE WHEN r.outcome IN ('tokens_held', 'too_many_calls') THEN 'insufficient' ELSE r.outcome END,
           r.hold_tokens, r.hold_state, r.period_start, r.allowance, r.allowance_used, r.credits, r.held, r.used, r.overage
    FROM ledger_reserve_v3(
        p_user, p_request_id, p_fingerprint, p_least, p_most, 1, 2147483647, p_input_tokens, p_terms, p_client, p_front_end_key,
        p_conversation, p_trace, p_attempt, p_counted_tokens, p_lease_seconds, p_at) AS r
$$;
