-- Replaces a front end's key; a revoked front end becomes active again.
UPDATE front_end_keys SET prefix = $2, key_hash = $3, revoked_at = NULL, updated_at = now()
WHERE name = $1
RETURNING id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
          new_accounts_per_day, created_at, updated_at, revoked_at
