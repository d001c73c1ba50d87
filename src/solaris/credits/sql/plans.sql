-- All plans in display order, or the one named $1, with the number of subscribers.
SELECT p.plan_type, p.name, p.monthly_tokens, p.price_brl, p.requests_per_minute, p.tokens_per_minute,
       p.concurrent_calls, p.sort_order, p.active,
       p.updated_at, (SELECT count(*) FROM subscriptions s WHERE s.plan_type = p.plan_type AND s.active) AS subscribers
FROM plans p
WHERE $1::text IS NULL OR p.plan_type = $1
ORDER BY p.sort_order, p.plan_type
