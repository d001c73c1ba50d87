-- The names of these users or plans.
SELECT id::text AS key, coalesce(nullif(name, ''), email, contact_email, id::text) AS label
FROM users WHERE $1 = 'user' AND id = ANY ($2::uuid[])
UNION ALL
SELECT plan_type, name FROM plans WHERE $1 = 'plan'
