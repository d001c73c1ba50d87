-- Records that the front end $1 was refused a new account today at the limit $2; returns a row only
-- the first time per day and limit.
INSERT INTO new_account_days AS d (front_end_key_id, local_day, refused_at, refused_limit)
SELECT $1, current_date, now(), $2::integer
WHERE NOT EXISTS (
    SELECT FROM new_account_days k WHERE k.front_end_key_id = $1 AND k.local_day = current_date AND k.refused_limit = $2
)
ON CONFLICT (front_end_key_id, local_day) DO UPDATE SET refused_at = now(), refused_limit = excluded.refused_limit
WHERE d.refused_limit IS DISTINCT FROM excluded.refused_limit
RETURNING d.local_day
