-- An address that a front end only claimed gives way to a user whose address is verified; its holder keeps it as a contact.
UPDATE users SET email = NULL, contact_email = email, email_verified = true, updated_at = now()
WHERE email = $1 AND NOT email_verified
RETURNING id
