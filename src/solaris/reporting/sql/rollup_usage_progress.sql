-- The range of the rollup's next step; the row is locked, so that steps run in sequence. Null:
-- nothing to do. A step covers at most one more day, and ends before any instant at which a
-- running transaction may still write: events have their transaction's start time. Hours already
-- rolled up are recomputed from one hour before the last step's end.
WITH progress AS (
    SELECT CASE WHEN isfinite(usage_rolled_until) THEN usage_rolled_until
                ELSE (SELECT min(local_day) FROM usage_events)::timestamptz - interval '1 day' END AS rolled_until
    FROM rollup_progress FOR UPDATE
), safe AS (
    SELECT least(now() - interval '2 minutes', min(xact_start)) AS until
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> 'pg_dump'
)
SELECT date_trunc('hour', p.rolled_until, 'UTC') - interval '1 hour' AS counted_from,
       least(s.until, p.rolled_until + interval '1 day') AS counted_until,
       s.until <= p.rolled_until + interval '1 day' AS is_last
FROM progress p CROSS JOIN safe s
WHERE s.until > p.rolled_until
