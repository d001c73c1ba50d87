-- All packages in the shop's order, or the one named.
SELECT id, name, tokens, amount_brl, badge, sort_order, active, updated_at
FROM packages
WHERE $1::text IS NULL OR id = $1
ORDER BY sort_order, tokens, id
