-- ledger_reserve_batch_v2: for processes of the version before: it makes nothing, and they go on one by one.
CREATE OR REPLACE FUNCTION ledger_reserve_batch_v2(
    p_users uuid[], p_demands bigint[], p_places integer[], p_request_ids text[], p_fingerprints text[], p_tokens bigint[],
    p_input_tokens bigint[], p_terms bigint[], p_clients text[], p_front_end_keys uuid[], p_conversations text[], p_traces text[],
    p_attempts text[], p_counted_tokens bigint[], p_lease_seconds integer, p_at timestamptz,
    OUT places bigint[], OUT not_made integer[], OUT period_starts date[], OUT allowances bigint[], OUT allowances_used bigint[],
    OUT credits_left bigint[], OUT held_tokens bigint[], OUT used_tokens bigint[], OUT overages bigint[]
) LANGUAGE sql AS $$
    SELECT NULL::bigint[], NULL::integer[], NULL::date[], NULL::bigint[], NULL::bigint[], NULL::bigint[], NULL::bigint[],
           NULL::bigint[], NULL::bigint[]
$$;
