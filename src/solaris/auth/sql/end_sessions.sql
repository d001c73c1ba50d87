-- Refuses every token of a user that was issued before $2.
UPDATE credentials SET tokens_valid_from = greatest(tokens_valid_from, $2) WHERE user_id = $1
