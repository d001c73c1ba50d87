-- Deletes the users' months from the month of $1 on, to be recomputed; months with detached events
-- keep theirs.
WITH forgotten AS (
    DELETE FROM usage_user_months
    WHERE month >= date_trunc('month', greatest($1::date, (SELECT min(local_day) FROM usage_events)))::date
)
UPDATE rollup_progress
SET users_rolled_until = least(users_rolled_until,
                               date_trunc('month', greatest($1::date, (SELECT min(local_day) FROM usage_events)))::date)
