-- name: beat_worker_jobs
UPDATE worker_heartbeats SET finished_at = now() WHERE job = ANY ($1::text[])

-- name: read_worker_jobs
SELECT job,
       extract(epoch FROM now() - finished_at)::float8 AS age_seconds,
       now() > greatest(finished_at, started_at) + make_interval(secs => late_after_seconds) AS is_late
FROM worker_heartbeats

-- name: register_worker_jobs
-- After two minutes without a worker, the jobs' deadlines restart now: `late_after_seconds` from here.
-- A worker that restarts sooner keeps the old deadlines, so a crash loop shows its jobs as late.
WITH known AS (
    SELECT coalesce(max(finished_at), '-infinity') < now() - interval '2 minutes' AS was_away
    FROM worker_heartbeats WHERE job = 'worker'
), gone AS (
    DELETE FROM worker_heartbeats WHERE job <> ALL ($1::text[])
)
INSERT INTO worker_heartbeats AS beats (job, late_after_seconds)
SELECT job, late_after_seconds FROM unnest($1::text[], $2::integer[]) AS given (job, late_after_seconds)
ON CONFLICT (job) DO UPDATE SET
    late_after_seconds = excluded.late_after_seconds,
    started_at = CASE WHEN (SELECT was_away FROM known) THEN now() ELSE beats.started_at END
