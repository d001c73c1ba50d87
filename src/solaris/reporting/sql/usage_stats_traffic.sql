-- Calls and failed calls per bucket and key; keys as in usage_stats_events, but models and front
-- ends only. $6: whether UTC hours align with the session time zone's; then rolled-up hours are
-- not counted by minute.
SELECT date_trunc($1, t.at) AS bucket,
       CASE $2 WHEN 'model' THEN t.model WHEN 'front_end' THEN t.front_end ELSE '' END AS key,
       sum(t.requests)::bigint AS calls, sum(t.errors)::bigint AS errors
FROM (
    SELECT h.hour AS at, h.model, h.front_end, h.requests, h.errors
    FROM traffic_hours h
    WHERE $6 AND h.hour >= $3::date::timestamptz AND h.hour < ($4::date + 1)::timestamptz
    UNION ALL
    SELECT m.minute, m.model, m.front_end, m.requests, m.errors
    FROM traffic_minutes m
    WHERE m.minute >= $3::date::timestamptz AND m.minute < ($4::date + 1)::timestamptz
      AND (NOT $6 OR m.minute >= (SELECT traffic_rolled_until FROM rollup_progress))
) AS t
WHERE $5::text IS NULL OR t.model = $5
GROUP BY 1, 2
