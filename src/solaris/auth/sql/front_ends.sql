-- All front ends, newest first.
SELECT id, name, prefix, kind, id_header, email_header, name_header, link_by_email, strict, signing_secret, block_style, plan_type,
          new_accounts_per_day, created_at, updated_at, revoked_at
FROM front_end_keys
ORDER BY created_at DESC, id
LIMIT 1000
