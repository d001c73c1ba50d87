-- Every plan in the order in which they are offered.
SELECT plan_type, active FROM plans ORDER BY sort_order, plan_type
