-- Counts a new account of the front end $1 today; no row if its limit ($2 without its own limit) is
-- reached. The row stays locked until the commit, which serialises new accounts of one front end.
INSERT INTO new_account_days AS d (front_end_key_id, local_day, accounts)
SELECT f.id, current_date, 1 FROM front_end_keys f WHERE f.id = $1 AND coalesce(f.new_accounts_per_day, $2) > 0
ON CONFLICT (front_end_key_id, local_day) DO UPDATE SET accounts = d.accounts + 1
WHERE d.accounts < (SELECT coalesce(f.new_accounts_per_day, $2) FROM front_end_keys f WHERE f.id = $1)
RETURNING d.accounts
