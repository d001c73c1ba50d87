-- Deletes the rollups that can be recomputed. Months with detached events keep theirs, which are
-- the only copy.
WITH oldest AS (
    SELECT min(local_day) AS day FROM usage_events
), hours AS (
    DELETE FROM usage_hours USING oldest WHERE local_day >= oldest.day
), days AS (
    DELETE FROM usage_days USING oldest WHERE local_day >= oldest.day
), minutes AS (
    SELECT date_trunc('hour', min(minute) + interval '59 minutes 59 seconds', 'UTC') AS first_hour FROM traffic_minutes
), traffic AS (
    DELETE FROM traffic_hours USING minutes WHERE hour >= minutes.first_hour
)
UPDATE rollup_progress
SET usage_rolled_until = '-infinity',
    traffic_rolled_until = CASE WHEN isfinite(traffic_rolled_until) THEN coalesce((SELECT first_hour FROM minutes), '-infinity')
                                ELSE '-infinity' END
