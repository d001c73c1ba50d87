-- Subscriptions of the demo users: the wanted plan, or the first one in the list if that was renamed.
INSERT INTO subscriptions (user_id, plan_type, monthly_tokens, start_date)
SELECT u.id, plan.plan_type, plan.monthly_tokens, u.created_at
FROM unnest($1::uuid[], $2::text[]) AS wanted (user_id, plan_type)
JOIN users u ON u.id = wanted.user_id
CROSS JOIN LATERAL (
    SELECT plan_type, monthly_tokens FROM plans ORDER BY plan_type = wanted.plan_type DESC, sort_order LIMIT 1
) AS plan
