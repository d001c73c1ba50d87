-- Deletes minutes older than the statistics' range.
DELETE FROM traffic_minutes WHERE minute < now() - make_interval(days => $1)
