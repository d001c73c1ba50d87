-- When the worker was last seen, and when each of its jobs last finished. The row `worker` is the worker itself.
CREATE TABLE worker_heartbeats (
    job                text PRIMARY KEY,
    late_after_seconds integer NOT NULL CHECK (late_after_seconds > 0),
    started_at         timestamptz NOT NULL DEFAULT now(), -- when workers began to run it, after a time without one
    finished_at        timestamptz -- NULL: never yet
);
