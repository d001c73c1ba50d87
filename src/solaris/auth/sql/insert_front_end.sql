-- A new front end; no row if the name is taken.
INSERT INTO front_end_keys (name, prefix, key_hash, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret,
                            block_style, plan_type, new_accounts_per_day)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (name) DO NOTHING
RETURNING id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
          new_accounts_per_day, created_at, updated_at, revoked_at
