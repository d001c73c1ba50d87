-- Sets the rules. clock_timestamp() keeps updated_at different between overlapping transactions.
UPDATE approval_rules
SET second_person_above_tokens = $1, second_person_below_price = $2, updated_by = $3, updated_at = clock_timestamp()
