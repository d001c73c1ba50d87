-- Updates a user's name ($2; empty: keep) and address ($3; null: keep) from the front end that
-- created the account; values entered by staff stay. $4: the front end verifies addresses. If the
-- account's address is verified, or with $4, the new one becomes the contact address. Otherwise it
-- replaces the address, or becomes the contact address if another user has it
-- (docs/decisions/0010 and 0122).
WITH stored AS (
    SELECT u.*,
           CASE WHEN $2::text = '' OR u.name_by_staff THEN u.name ELSE $2 END AS new_name,
           $3::text IS NOT NULL AND NOT u.contact_by_staff AND $3 IS DISTINCT FROM coalesce(u.contact_email, u.email) AS moves,
           NOT $4::boolean AND (u.email IS NULL OR NOT u.email_verified) AS is_claim,
           NOT EXISTS (SELECT FROM users o WHERE o.email = $3 AND o.id <> u.id) AS is_free
    FROM users u
    WHERE u.id = $1 AND u.role = 'user' AND u.anonymised_at IS NULL
      AND NOT EXISTS (SELECT FROM credentials c WHERE c.user_id = u.id)
    FOR NO KEY UPDATE
)
UPDATE users u
SET name = s.new_name,
    email = CASE WHEN NOT (s.moves AND s.is_claim) THEN u.email WHEN s.is_free THEN $3 END,
    email_verified = CASE WHEN s.moves AND s.is_claim THEN NOT s.is_free ELSE u.email_verified END,
    contact_email = CASE WHEN NOT s.moves THEN u.contact_email
                         WHEN s.is_claim AND s.is_free THEN NULL
                         WHEN s.is_claim THEN $3
                         ELSE nullif($3, u.email) END,
    updated_at = now()
FROM stored s
WHERE u.id = s.id AND (s.moves OR s.new_name <> u.name)
RETURNING s.moves AS address_changed, s.new_name <> s.name AS name_changed
