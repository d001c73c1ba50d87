-- ledger_event_head_v1: the first 24 digits of an event's id, of UUID's form 7: ids come in the order of time, so that their index
-- grows at its end.
CREATE OR REPLACE FUNCTION ledger_event_head_v1(p_at timestamptz) RETURNS text LANGUAGE sql AS $$
    SELECT lpad(to_hex((extract(epoch FROM p_at) * 1000)::bigint), 12, '0') || '7'
           || overlay(lpad(to_hex((random() * 1099511627775)::bigint), 10, '0') PLACING '8' FROM 4 FOR 0)
$$;
