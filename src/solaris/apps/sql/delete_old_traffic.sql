-- Minutes that no statistic looks at any more.
DELETE FROM traffic_minutes WHERE minute < now() - make_interval(days => $1)
