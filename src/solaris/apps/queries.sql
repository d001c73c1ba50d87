-- name: create_partition_ahead
-- The partition of the month that comes so many months after this one; one that exists is left alone.
SELECT create_usage_partition((date_trunc('month', now()) + make_interval(months => $1))::date)

-- name: delete_old_traffic
-- Deletes minutes older than the statistics' range.
DELETE FROM traffic_minutes WHERE minute < now() - make_interval(days => $1)

-- name: wallets_of_past_periods
-- Users with a wallet of an earlier period, or without a wallet, in small batches.
(SELECT user_id FROM wallets WHERE period_start < date_trunc('month', now())::date ORDER BY user_id LIMIT $1)
UNION ALL
(SELECT u.id FROM users u WHERE NOT EXISTS (SELECT FROM wallets w WHERE w.user_id = u.id) ORDER BY u.id LIMIT $1)
