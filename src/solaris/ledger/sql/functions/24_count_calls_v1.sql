-- ledger_count_calls_v1: counts the open holds of every wallet whose number differs, and returns how many did. A process of the
-- version before migration 0017, or a statement of its that waited for that migration, does not count its holds. Wallets are locked
-- one by one.
CREATE OR REPLACE FUNCTION ledger_count_calls_v1() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    differing uuid;
    w         wallets;
    calls     integer;
    counted   integer := 0;
BEGIN
    FOR differing IN
        SELECT o.user_id FROM wallets o
        LEFT JOIN (SELECT h.user_id, count(*) AS calls FROM holds h WHERE h.state = 'open' GROUP BY h.user_id) AS c USING (user_id)
        WHERE o.open_calls <> coalesce(c.calls, 0) ORDER BY o.user_id
    LOOP
        SELECT * INTO w FROM wallets WHERE user_id = differing FOR UPDATE;
        SELECT count(*) INTO calls FROM holds h WHERE h.user_id = differing AND h.state = 'open';
        IF calls <> w.open_calls THEN
            UPDATE wallets SET open_calls = calls WHERE user_id = differing;
            counted := counted + 1;
        END IF;
    END LOOP;
    RETURN counted;
END $$;
