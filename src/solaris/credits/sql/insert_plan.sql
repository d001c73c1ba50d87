-- A new plan; no row if the plan_type exists.
INSERT INTO plans (plan_type, name, monthly_tokens, price_brl, requests_per_minute, tokens_per_minute, concurrent_calls,
                   sort_order, active)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (plan_type) DO NOTHING
RETURNING plan_type
