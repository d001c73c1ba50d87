-- The user is looked up by the parameter: a join on the function's rows, whose number the planner
-- can't estimate, reads all users.
SELECT b.*, u.active FROM users u CROSS JOIN ledger_balance_v1($1, coalesce($2, now())) b WHERE u.id = $1
