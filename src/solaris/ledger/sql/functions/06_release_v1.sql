-- ledger_release_v1: gives a hold back whole; the call cost nothing. True where this call did it, false where it had ended before,
-- or where p_attempt is given and another attempt made the hold.
CREATE OR REPLACE FUNCTION ledger_release_v1(p_user uuid, p_request_id text, p_attempt text, p_at timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    given_back bigint;
BEGIN
    PERFORM FROM wallets WHERE user_id = p_user FOR UPDATE; -- the wallet is locked before its holds, everywhere
    UPDATE holds SET state = 'released', ended_at = p_at
    WHERE user_id = p_user AND request_id = p_request_id AND ended_at IS NULL
      AND (p_attempt IS NULL OR coalesce(attempt, call ->> 'attempt') = p_attempt)
    RETURNING tokens INTO given_back;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE wallets SET held = held - given_back, open_calls = greatest(open_calls - 1, 0) WHERE user_id = p_user;
    RETURN true;
END $$;
