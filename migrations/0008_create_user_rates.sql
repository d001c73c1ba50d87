-- The rates that a user's plan allows; null: not limited. Without a subscription: the smallest that any plan on offer allows.
CREATE VIEW user_rates AS
SELECT u.id AS user_id,
       CASE WHEN p.plan_type IS NULL
            THEN (SELECT min(requests_per_minute) FROM plans WHERE active) ELSE p.requests_per_minute END AS requests_per_minute,
       CASE WHEN p.plan_type IS NULL
            THEN (SELECT min(tokens_per_minute) FROM plans WHERE active) ELSE p.tokens_per_minute END AS tokens_per_minute
FROM users u
LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
LEFT JOIN plans p ON p.plan_type = s.plan_type;
