-- ledger_renew_v1: a living proxy's open holds, renewed together, with the output seen so far. Returns those that are still open.
-- Waits for nobody, so that it is part of no deadlock: a hold that somebody is ending at this moment counts as open, and its lease
-- stays as it is.
CREATE OR REPLACE FUNCTION ledger_renew_v1(
    p_users uuid[], p_request_ids text[], p_output_tokens bigint[], p_lease_seconds integer, p_at timestamptz
) RETURNS TABLE (user_id uuid, request_id text) LANGUAGE sql AS $$
    WITH asked AS MATERIALIZED (
        SELECT h.user_id, h.request_id, m.output_tokens
        FROM unnest(p_users, p_request_ids, p_output_tokens) AS m (user_id, request_id, output_tokens)
        JOIN holds h USING (user_id, request_id)
        WHERE h.state = 'open'
    ), mine AS (
        SELECT h.user_id, h.request_id, a.output_tokens
        FROM asked a JOIN holds h USING (user_id, request_id)
        WHERE h.state = 'open'
        FOR UPDATE OF h SKIP LOCKED
    ), renewed AS (
        UPDATE holds h
        SET expires_at = p_at + make_interval(secs => p_lease_seconds), output_tokens = greatest(h.output_tokens, mine.output_tokens)
        FROM mine
        WHERE h.user_id = mine.user_id AND h.request_id = mine.request_id
    )
    SELECT a.user_id, a.request_id FROM asked a
$$;
