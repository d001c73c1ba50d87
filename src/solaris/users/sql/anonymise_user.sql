-- Replaces a user's personal data, and suspends the account.
UPDATE users
SET email = NULL, contact_email = NULL, name = 'Usuário anonimizado', active = false, suspension_reason = NULL,
    anonymised_at = now(), updated_at = now()
WHERE id = $1
