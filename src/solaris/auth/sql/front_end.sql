-- The active front end with this key.
SELECT id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
       new_accounts_per_day, created_at, updated_at, revoked_at
FROM front_end_keys
WHERE key_hash = $1 AND revoked_at IS NULL
