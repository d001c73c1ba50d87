-- What is on sale, in the shop's order.
SELECT id, name, tokens, amount_brl, badge FROM packages WHERE active ORDER BY sort_order, tokens, id
