-- Changes a front end, but not its key; no row if another front end has the name.
UPDATE front_end_keys f
SET name = $2, id_header = $3, email_header = $4, name_header = $5, link_by_email = $6, strict = $7, signing_secret = $8,
    block_style = $9, plan_type = $10, new_accounts_per_day = $11, updated_at = now()
WHERE f.id = $1 AND NOT EXISTS (SELECT FROM front_end_keys o WHERE o.name = $2 AND o.id <> $1)
RETURNING id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
          new_accounts_per_day, created_at, updated_at, revoked_at
