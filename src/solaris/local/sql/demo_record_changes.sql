-- Audit entries of the demo's staff actions, with past instants.
INSERT INTO audit_log (created_at, actor_id, actor_role, action, entity, entity_id, before, after)
SELECT (c.item ->> 'at')::timestamptz, $2, $3, c.item ->> 'action', c.item ->> 'entity', c.item ->> 'entity_id',
       nullif(c.item -> 'before', 'null'), nullif(c.item -> 'after', 'null')
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS c (item, number)
ORDER BY c.number
