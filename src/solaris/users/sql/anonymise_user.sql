-- A user without anything that tells who he was.
UPDATE users
SET email = NULL, contact_email = NULL, name = 'Usuário anonimizado', active = false, suspension_reason = NULL,
    anonymised_at = now(), updated_at = now()
WHERE id = $1
