-- The partition of the month that comes so many months after this one; one that exists is left alone.
SELECT create_usage_partition((date_trunc('month', now()) + make_interval(months => $1))::date)
