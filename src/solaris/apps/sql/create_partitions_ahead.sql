-- Creates the partitions of this and the next $1 months, unless they exist.
SELECT create_usage_partition((date_trunc('month', now()) + make_interval(months => m))::date) FROM generate_series(0, $1) AS m
