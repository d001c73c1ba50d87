-- Charges past calls in the order given, each through the ledger's own function; how many had which outcome.
SELECT r.outcome, count(*) AS calls
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS c (item, number)
CROSS JOIN LATERAL ledger_consume_v1(
    (c.item ->> 'user_id')::uuid, c.item ->> 'request_id', 'demo', c.item -> 'call', c.item -> 'usage', (c.item ->> 'at')::timestamptz
) AS r
GROUP BY r.outcome
