-- Sets name and contact address entered by staff; a changed field no longer follows the front end.
UPDATE users
SET name = $2, contact_email = $3, name_by_staff = name_by_staff OR name <> $2,
    contact_by_staff = contact_by_staff OR contact_email IS DISTINCT FROM $3, updated_at = now()
WHERE id = $1
