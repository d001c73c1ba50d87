-- Sets a subscription's limit to the plan's.
UPDATE subscriptions s SET monthly_tokens = p.monthly_tokens
FROM plans p
WHERE s.user_id = $1 AND s.active AND p.plan_type = s.plan_type
