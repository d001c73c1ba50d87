-- No password fits any more; the row stays, since it refuses the sessions from before.
UPDATE credentials SET password_hash = '', tokens_valid_from = now(), changed_at = now() WHERE user_id = $1
