-- Audit entries of packages of the last $1 days, newest first.
SELECT entity_id, actor_id, before
FROM audit_log
WHERE entity = 'package' AND created_at > now() - make_interval(days => $1)
ORDER BY created_at DESC, id DESC
