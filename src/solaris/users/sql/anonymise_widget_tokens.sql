-- A user's widget tokens, ended, without the pages that they were given to.
UPDATE widget_tokens SET revoked_at = coalesce(revoked_at, now()), origin = '' WHERE user_id = $1
