-- Makes room for the hours from $1 on to be counted again; months whose events were detached keep theirs.
DELETE FROM usage_hours WHERE hour >= $1 AND local_day >= (SELECT min(local_day) FROM usage_events)
