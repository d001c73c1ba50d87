-- All plans in display order.
SELECT plan_type, active FROM plans ORDER BY sort_order, plan_type
