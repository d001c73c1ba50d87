-- Users whose name or address contains $1, newest first.
SELECT u.id, u.email, u.contact_email, u.email_verified, u.name, u.role, u.active, u.created_at, u.updated_at,
       u.suspension_reason, u.anonymised_at, s.plan_type, s.monthly_tokens
FROM users u
LEFT JOIN subscriptions s ON s.user_id = u.id AND s.active
WHERE $1 = '' OR position(lower($1) IN lower(u.name || ' ' || coalesce(u.email, '') || ' ' || coalesce(u.contact_email, ''))) > 0
ORDER BY u.created_at DESC, u.id DESC
LIMIT $2
