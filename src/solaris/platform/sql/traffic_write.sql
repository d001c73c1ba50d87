-- A process's own minutes, whole: writing them again changes nothing, so an answer that was lost does no harm.
INSERT INTO traffic_minutes (minute, process_id, model, front_end, requests, errors, proxy_ms_counts, litellm_ms_counts)
SELECT r.minute, $1, r.model, r.front_end, r.requests, r.errors, r.proxy_ms_counts, r.litellm_ms_counts
FROM jsonb_to_recordset($2::jsonb) AS r (
    minute timestamptz, model text, front_end text, requests integer, errors integer,
    proxy_ms_counts integer[], litellm_ms_counts integer[]
)
ON CONFLICT (minute, process_id, model, front_end) DO UPDATE
SET requests = excluded.requests, errors = excluded.errors,
    proxy_ms_counts = excluded.proxy_ms_counts, litellm_ms_counts = excluded.litellm_ms_counts
