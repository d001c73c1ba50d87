-- The new accounts per day of the front end $1 ($2 without its own limit), and whether another one
-- is allowed today.
SELECT coalesce(f.new_accounts_per_day, $2) AS max_accounts, coalesce(d.accounts, 0) < coalesce(f.new_accounts_per_day, $2) AS has_room
FROM front_end_keys f
LEFT JOIN new_account_days d ON d.front_end_key_id = f.id AND d.local_day = current_date
WHERE f.id = $1
