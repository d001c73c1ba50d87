-- Deletes the hours from $1 on, to be recomputed; months with detached events keep theirs.
DELETE FROM usage_hours WHERE hour >= $1 AND local_day >= (SELECT min(local_day) FROM usage_events)
