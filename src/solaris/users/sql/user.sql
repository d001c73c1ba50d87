-- One user with their active subscription.
SELECT u.id, u.email, u.contact_email, u.email_verified, u.name, u.role, u.active, u.created_at, u.updated_at,
       u.suspension_reason, u.anonymised_at, s.plan_type, s.monthly_tokens
FROM users u
LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
WHERE u.id = $1
