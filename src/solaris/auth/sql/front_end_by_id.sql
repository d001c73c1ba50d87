-- One front end, locked until the transaction ends.
SELECT id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
       new_accounts_per_day, created_at, updated_at, revoked_at
FROM front_end_keys
WHERE id = $1
FOR NO KEY UPDATE
