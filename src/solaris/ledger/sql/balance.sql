-- The user is looked up by the parameter: joined to the function's rows, whose number the planner can't know, he is found by
-- reading all users.
SELECT b.*, u.active FROM users u CROSS JOIN ledger_balance_v1($1, coalesce($2, now())) b WHERE u.id = $1
