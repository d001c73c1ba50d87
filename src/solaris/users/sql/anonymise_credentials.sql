-- No password matches any more; the row stays, since it invalidates earlier sessions.
UPDATE credentials SET password_hash = '', tokens_valid_from = now(), changed_at = now() WHERE user_id = $1
