-- How users are called.
SELECT id, name, coalesce(email, contact_email) AS email FROM users WHERE id = ANY ($1::uuid[])
