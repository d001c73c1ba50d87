-- Calls and failed calls per bucket and key; the keys are those of usage_stats_events, of which only models and front ends are noted.
SELECT date_trunc($1, minute) AS bucket,
       CASE $2 WHEN 'model' THEN model WHEN 'front_end' THEN front_end ELSE '' END AS key,
       sum(requests)::bigint AS calls, sum(errors)::bigint AS errors
FROM traffic_minutes
WHERE minute >= $3::date::timestamptz AND minute < ($4::date + 1)::timestamptz AND ($5::text IS NULL OR model = $5)
GROUP BY 1, 2
