-- Users with a wallet of an earlier period, or without a wallet, in small batches.
(SELECT user_id FROM wallets WHERE period_start < date_trunc('month', now())::date ORDER BY user_id LIMIT $1)
UNION ALL
(SELECT u.id FROM users u WHERE NOT EXISTS (SELECT FROM wallets w WHERE w.user_id = u.id) ORDER BY u.id LIMIT $1)
