-- How many accounts the front end $1 may make a day ($2 where it has no limit of its own), and whether today has room for one more.
SELECT coalesce(f.new_accounts_per_day, $2) AS most, coalesce(d.accounts, 0) < coalesce(f.new_accounts_per_day, $2) AS has_room
FROM front_end_keys f
LEFT JOIN new_account_days d ON d.front_end_key_id = f.id AND d.local_day = current_date
WHERE f.id = $1
