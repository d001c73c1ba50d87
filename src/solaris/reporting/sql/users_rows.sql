-- Users by their ids, in the order given, with their last use. Follows the CTE `balances`. The
-- last use is the last event's; if its month was detached, the last day of the rollup.
SELECT b.*, coalesce(
    (SELECT e.occurred_at FROM usage_events e WHERE e.user_id = b.id ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1),
    (SELECT max(t.usage_date)::timestamptz FROM token_usage t WHERE t.user_id = b.id)
) AS last_used_at
FROM balances b
WHERE b.id = ANY ($1::uuid[])
ORDER BY array_position($1::uuid[], b.id)
