-- Rolls up the full hours to whose minutes no process writes any more (reporting/traffic.py drops
-- them after 30 minutes).
WITH step AS (
    SELECT traffic_rolled_until AS since, date_trunc('hour', now() - interval '35 minutes', 'UTC') AS until
    FROM rollup_progress FOR UPDATE
), counted AS (
    INSERT INTO traffic_hours (hour, model, front_end, requests, errors)
    SELECT date_trunc('hour', m.minute, 'UTC'), m.model, m.front_end, sum(m.requests), sum(m.errors)
    FROM traffic_minutes m CROSS JOIN step
    WHERE m.minute >= step.since AND m.minute < step.until
    GROUP BY 1, 2, 3
)
UPDATE rollup_progress SET traffic_rolled_until = step.until FROM step WHERE step.until > step.since
