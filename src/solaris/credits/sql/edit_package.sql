-- Updates a package.
UPDATE packages SET name = $2, tokens = $3, amount_brl = $4, badge = $5, sort_order = $6, active = $7, updated_at = now()
WHERE id = $1
