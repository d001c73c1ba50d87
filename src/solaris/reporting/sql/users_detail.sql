-- Details of one user beyond users_rows: subscription, counts and account facts.
SELECT u.updated_at, u.email_verified, u.suspension_reason, u.anonymised_at,
       EXISTS (SELECT FROM credentials k WHERE k.user_id = u.id AND k.password_hash <> '') AS has_password,
       coalesce((SELECT w.alert_thresholds_percent FROM wallets w WHERE w.user_id = u.id), '{80,90,100}') AS alert_thresholds_percent,
       s.id AS subscription_id, s.plan_type, p.name AS plan_name, s.start_date, s.end_date,
       (SELECT count(*) FROM usage_events e
        WHERE e.user_id = u.id AND e.local_day >= date_trunc('month', now())::date) AS requests_this_period,
       (SELECT count(*) FROM token_usage t WHERE t.user_id = u.id) AS days_with_use,
       (SELECT count(*) FROM holds h WHERE h.user_id = u.id AND h.state = 'open') AS open_holds,
       (SELECT count(*) FROM credit_transactions c WHERE c.user_id = u.id) AS credit_transactions,
       (SELECT count(*) FROM credit_requests r WHERE r.user_id = u.id AND r.state = 'pending') AS pending_credit_requests
FROM users u
LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
LEFT JOIN plans p ON p.plan_type = s.plan_type
WHERE u.id = $1
