-- The next month to count per user, up to its rolled-up days; the row is locked. No row: nothing
-- to do.
WITH progress AS (
    SELECT CASE WHEN isfinite(usage_rolled_until) THEN usage_rolled_until::date END AS sealed_until,
           CASE WHEN isfinite(users_rolled_until) THEN users_rolled_until
                ELSE (SELECT min(local_day) FROM usage_events) END AS rolled_until
    FROM rollup_progress FOR UPDATE
)
SELECT date_trunc('month', rolled_until)::date AS month,
       least(sealed_until, (date_trunc('month', rolled_until) + interval '1 month')::date) AS until
FROM progress
WHERE sealed_until > rolled_until
