-- ledger_extend_batch_v1: grows open holds towards p_most tokens each, in order. p_users is sorted; the arrays have an element per hold.
-- p_least is what the call has used already: it is granted first, and beyond it at most one p_share-th of what is free then, 32 tokens
-- at least. A hold never shrinks, so that a repeat changes nothing more than was asked.
-- Returns each hold's tokens after it; null where the hold has ended.
CREATE OR REPLACE FUNCTION ledger_extend_batch_v1(
    p_users uuid[], p_request_ids text[], p_least bigint[], p_most bigint[], p_share integer, p_at timestamptz, OUT tokens bigint[]
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    w     wallets;
    free  bigint := 0;
    has   bigint;
    needed  bigint;
    more  bigint;
BEGIN
    FOR n IN 1 .. cardinality(p_users) LOOP
        IF n = 1 OR p_users[n] <> p_users[n - 1] THEN
            -- The wallet is locked before its holds, everywhere.
            w := ledger_wallet_v1(p_users[n], p_at);
            free := greatest(w.allowance - w.allowance_used + w.credits - w.held, 0);
        END IF;
        SELECT h.tokens INTO has FROM holds h
        WHERE h.user_id = p_users[n] AND h.request_id = p_request_ids[n] AND h.ended_at IS NULL;
        IF NOT FOUND THEN
            tokens[n] := NULL;
            CONTINUE;
        END IF;
        needed := greatest(p_least[n] - has, 0);
        more := least(free, greatest(p_most[n] - has, 0));
        IF more > needed THEN
            more := least(more, needed + greatest((free - needed) / p_share, 32));
        END IF;
        IF more > 0 THEN
            UPDATE holds SET tokens = has + more WHERE user_id = p_users[n] AND request_id = p_request_ids[n];
            UPDATE wallets SET held = held + more WHERE user_id = p_users[n];
            free := free - more;
        END IF;
        tokens[n] := has + more;
    END LOOP;
END $$;
