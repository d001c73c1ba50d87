-- All packages in display order, or the one with id $1.
SELECT id, name, tokens, amount_brl, badge, sort_order, active, updated_at
FROM packages
WHERE $1::text IS NULL OR id = $1
ORDER BY sort_order, tokens, id
