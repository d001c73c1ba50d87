-- The calls of the five minutes before $1 minus one day, counted as in recent_traffic.
WITH then_recent AS MATERIALIZED (
    SELECT requests, errors, proxy_ms_counts, litellm_ms_counts
    FROM traffic_minutes
    WHERE minute > $1::timestamptz - interval '1 day 5 minutes' AND minute <= $1::timestamptz - interval '1 day'
)
SELECT
    coalesce((SELECT sum(requests) FROM then_recent), 0)::bigint AS requests,
    coalesce((SELECT sum(errors) FROM then_recent), 0)::bigint AS errors,
    (SELECT array_agg(calls ORDER BY band) FROM (
        SELECT band, sum(counted)::bigint AS calls
        FROM then_recent, unnest(proxy_ms_counts) WITH ORDINALITY AS b (counted, band) GROUP BY band) AS bands) AS proxy_ms_counts,
    (SELECT array_agg(calls ORDER BY band) FROM (
        SELECT band, sum(counted)::bigint AS calls
        FROM then_recent, unnest(litellm_ms_counts) WITH ORDINALITY AS b (counted, band) GROUP BY band) AS bands) AS litellm_ms_counts
