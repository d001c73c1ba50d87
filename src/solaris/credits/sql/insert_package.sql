-- A new package; no row if the id exists.
INSERT INTO packages (id, name, tokens, amount_brl, badge, sort_order, active)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO NOTHING
RETURNING id
