-- A new user; no row where the address is somebody's.
INSERT INTO users (email, contact_email, email_verified, name, role)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (email) DO NOTHING
RETURNING id
