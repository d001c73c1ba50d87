-- New rules. clock_timestamp: two changes in one transaction's time stay apart.
UPDATE approval_rules
SET second_person_above_tokens = $1, second_person_below_price = $2, updated_by = $3, updated_at = clock_timestamp()
