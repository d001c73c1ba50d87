-- Subscribes a user to an active plan; no row if there is no such plan.
INSERT INTO subscriptions (user_id, plan_type, monthly_tokens)
SELECT $1, plan_type, monthly_tokens FROM plans WHERE plan_type = $2 AND active
RETURNING id
