-- The days whose events up to the rollup's end differ from the rollup. Days without events are
-- left alone: their month may have been detached.
SELECT e.local_day
FROM (
    SELECT local_day, count(*) AS requests, sum(tokens_charged) AS tokens_charged
    FROM usage_events
    WHERE local_day >= $1 AND occurred_at < (SELECT usage_rolled_until FROM rollup_progress)
    GROUP BY local_day
) AS e
LEFT JOIN (
    SELECT local_day, sum(requests) AS requests, sum(tokens_charged) AS tokens_charged FROM usage_days GROUP BY local_day
) AS d USING (local_day)
WHERE (e.requests, e.tokens_charged) IS DISTINCT FROM (d.requests, d.tokens_charged)
ORDER BY e.local_day
