-- ledger_is_blocked_v1: whether a user who has p_left tokens, and whose last call was refused because it needed p_refused (0: it was
-- not), can do nothing usual with the rest. The same rule as `spending_state` in domain/wallet.py; a test compares them.
CREATE OR REPLACE FUNCTION ledger_is_blocked_v1(p_used bigint, p_left bigint, p_refused bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT p_left <= 0 OR (p_left < p_refused AND (p_left < 10000 OR p_used >= 9 * p_left))
$$;
