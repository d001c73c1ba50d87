-- ledger_reserve_batch_v1: many reservations in one transaction, for the users whose wallets surely cover all of theirs. Returns a row
-- per hold made; an order without a row (balance too small for the sum, a repeated id, a period to open, nobody, suspended) was not
-- touched and goes through ledger_reserve_v1, one by one, in order. Wallets are locked first, in user order, so that batches of
-- several processes never deadlock.
CREATE OR REPLACE FUNCTION ledger_reserve_batch_v1(
    p_users uuid[], p_request_ids text[], p_fingerprints text[], p_least bigint[], p_most bigint[],
    p_input_tokens bigint[], p_calls jsonb[], p_lease_seconds integer, p_at timestamptz
) RETURNS TABLE (ordinal bigint, hold_tokens bigint, wallet wallets) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM wallets WHERE user_id = ANY (p_users) ORDER BY user_id FOR UPDATE;
    RETURN QUERY
    WITH orders AS MATERIALIZED (
        SELECT o.* FROM unnest(p_users, p_request_ids, p_fingerprints, p_least, p_most, p_input_tokens, p_calls)
            WITH ORDINALITY AS o (user_id, request_id, fingerprint, least, most, input_tokens, call, ordinal)
    ), firsts AS MATERIALIZED (
        SELECT DISTINCT ON (f.user_id, f.request_id) f.* FROM orders f ORDER BY f.user_id, f.request_id, f.ordinal
    ), covered AS MATERIALIZED (
        SELECT w.user_id
        FROM (SELECT o.user_id, sum(o.most) AS most FROM orders o GROUP BY o.user_id) AS demand
        JOIN wallets w ON w.user_id = demand.user_id
        JOIN users u ON u.id = demand.user_id
        WHERE u.active AND w.period_start >= date_trunc('month', p_at)::date
          AND demand.most <= w.allowance - w.allowance_used + w.credits - w.held
    ), made AS (
        INSERT INTO holds (user_id, request_id, tokens, fingerprint, call, input_tokens, created_at, expires_at)
        SELECT o.user_id, o.request_id, o.most, o.fingerprint, o.call, o.input_tokens, p_at,
               p_at + make_interval(secs => p_lease_seconds)
        FROM firsts o
        JOIN covered c ON c.user_id = o.user_id
        ON CONFLICT DO NOTHING
        RETURNING holds.user_id, holds.request_id, holds.tokens
    ), changed AS (
        UPDATE wallets w SET held = w.held + added.tokens
        FROM (SELECT m.user_id, sum(m.tokens)::bigint AS tokens FROM made m GROUP BY m.user_id) AS added
        WHERE w.user_id = added.user_id
        RETURNING w AS wallet
    )
    SELECT f.ordinal, m.tokens, c.wallet
    FROM made m
    JOIN firsts f ON f.user_id = m.user_id AND f.request_id = m.request_id
    JOIN changed c ON (c.wallet).user_id = m.user_id;
END $$;
