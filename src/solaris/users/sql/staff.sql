-- All users with a role above `user`, highest role first.
SELECT u.id, u.email, u.contact_email, u.email_verified, u.name, u.role, u.active, u.created_at, u.updated_at,
       u.suspension_reason, u.anonymised_at, s.plan_type, s.monthly_tokens
FROM users u
LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
WHERE u.role <> 'user'
ORDER BY array_position(ARRAY['super_admin', 'admin', 'operator', 'support'], u.role), lower(u.name), u.id
LIMIT 1000
