SELECT job,
       extract(epoch FROM now() - finished_at)::float8 AS age_seconds,
       now() > greatest(finished_at, started_at) + make_interval(secs => late_after_seconds) AS is_late
FROM worker_heartbeats
