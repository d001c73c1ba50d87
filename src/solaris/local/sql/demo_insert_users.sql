-- Inserts the demo users; a user who already has one of the addresses keeps it.
INSERT INTO users (email, name, role, created_at, updated_at)
SELECT p.email, p.name, p.role, p.created_at, p.created_at
FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS p (email, name, role, created_at)
ON CONFLICT (email) DO NOTHING
RETURNING id, email
