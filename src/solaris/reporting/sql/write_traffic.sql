-- Writes one process's minutes. The figures are the minute's totals so far, so a repeated write
-- has no further effect.
INSERT INTO traffic_minutes (minute, process_id, model, front_end, requests, errors, proxy_ms_counts, litellm_ms_counts)
SELECT minute, $1, model, front_end, requests, errors, proxy_ms_counts, litellm_ms_counts
FROM jsonb_to_recordset($2) AS t (
    minute timestamptz, model text, front_end text, requests integer, errors integer,
    proxy_ms_counts integer[], litellm_ms_counts integer[])
ON CONFLICT (minute, process_id, model, front_end) DO UPDATE
SET requests = excluded.requests, errors = excluded.errors,
    proxy_ms_counts = excluded.proxy_ms_counts, litellm_ms_counts = excluded.litellm_ms_counts
