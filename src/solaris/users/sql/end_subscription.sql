-- Ends a user's subscription now.
UPDATE subscriptions SET active = false, end_date = greatest(now(), start_date) WHERE user_id = $1 AND active
