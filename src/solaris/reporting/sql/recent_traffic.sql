-- The calls of the last $1 minutes over all processes: total, failed, and per latency band.
WITH recent AS MATERIALIZED (
    SELECT requests, errors, proxy_ms_counts, litellm_ms_counts
    FROM traffic_minutes
    WHERE minute > now() - make_interval(mins => $1)
)
SELECT
    coalesce((SELECT sum(requests) FROM recent), 0)::bigint AS requests,
    coalesce((SELECT sum(errors) FROM recent), 0)::bigint AS errors,
    (SELECT array_agg(calls ORDER BY band) FROM (
        SELECT band, sum(counted)::bigint AS calls
        FROM recent, unnest(proxy_ms_counts) WITH ORDINALITY AS b (counted, band) GROUP BY band) AS bands) AS proxy_ms_counts,
    (SELECT array_agg(calls ORDER BY band) FROM (
        SELECT band, sum(counted)::bigint AS calls
        FROM recent, unnest(litellm_ms_counts) WITH ORDINALITY AS b (counted, band) GROUP BY band) AS bands) AS litellm_ms_counts
