-- Names and e-mail addresses of the users $1.
SELECT id, name, coalesce(email, contact_email) AS email FROM users WHERE id = ANY ($1::uuid[])
