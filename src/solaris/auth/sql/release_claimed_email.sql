-- Frees an unverified address for a user who has verified it; its holder keeps it as contact.
UPDATE users SET email = NULL, contact_email = email, email_verified = true, updated_at = now()
WHERE email = $1 AND NOT email_verified
RETURNING id
