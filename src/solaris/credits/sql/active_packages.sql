-- The packages on sale, in display order.
SELECT id, name, tokens, amount_brl, badge FROM packages WHERE active ORDER BY sort_order, tokens, id
