-- The minutes that touch the last $1 minutes, of every process: a row per band, from 1.
-- Calls and errors stand on every row.
WITH recent AS MATERIALIZED (
    SELECT requests, errors, proxy_ms_counts, litellm_ms_counts
    FROM traffic_minutes
    WHERE minute > now() - make_interval(mins => $1)
)
SELECT (SELECT coalesce(sum(requests), 0)::bigint FROM recent) AS requests,
       (SELECT coalesce(sum(errors), 0)::bigint FROM recent) AS errors,
       b.band, coalesce(sum(b.proxy), 0)::bigint AS proxy, coalesce(sum(b.litellm), 0)::bigint AS litellm
FROM recent CROSS JOIN LATERAL unnest(proxy_ms_counts, litellm_ms_counts) WITH ORDINALITY AS b (proxy, litellm, band)
GROUP BY b.band
ORDER BY b.band
