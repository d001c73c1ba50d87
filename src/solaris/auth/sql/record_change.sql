-- One line of the audit log.
INSERT INTO audit_log (actor_id, actor_role, action, entity, entity_id, before, after, trace_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
