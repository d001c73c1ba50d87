-- Failures that lock nobody any more.
DELETE FROM sign_in_failures
WHERE last_failed_at < now() - make_interval(days => $1) AND (locked_until IS NULL OR locked_until < now())
