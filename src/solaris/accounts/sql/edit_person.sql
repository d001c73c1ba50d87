-- Another name and contact address.
UPDATE users SET name = $2, contact_email = $3, updated_at = now() WHERE id = $1
