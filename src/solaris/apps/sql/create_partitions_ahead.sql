-- Partitions of this month and the next ones; those that exist are left alone.
SELECT create_usage_partition((date_trunc('month', now()) + make_interval(months => m))::date) FROM generate_series(0, $1) AS m
