-- The only row of rules, with the name of the last editor.
SELECT r.second_person_above_tokens, r.second_person_below_price, r.updated_at, r.updated_by,
       coalesce(nullif(u.name, ''), u.email) AS updated_by_name
FROM approval_rules r
LEFT JOIN users u ON u.id = r.updated_by
