-- Updates a plan.
UPDATE plans
SET name = $2, monthly_tokens = $3, price_brl = $4, requests_per_minute = $5, tokens_per_minute = $6, concurrent_calls = $7,
    sort_order = $8, active = $9, updated_at = now()
WHERE plan_type = $1
