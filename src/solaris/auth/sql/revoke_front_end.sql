-- Revokes a front end's key; a repeat keeps the time of the first revocation.
UPDATE front_end_keys SET revoked_at = coalesce(revoked_at, now()), updated_at = now()
WHERE name = $1
RETURNING id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
          new_accounts_per_day, created_at, updated_at, revoked_at
