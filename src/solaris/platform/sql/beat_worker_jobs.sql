UPDATE worker_heartbeats SET finished_at = now() WHERE job = ANY ($1::text[])
