-- A new user; no row if another user has the address.
INSERT INTO users (email, contact_email, email_verified, name, role)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (email) DO NOTHING
RETURNING id
