-- Invalidates all tokens of a user issued before $2.
UPDATE credentials SET tokens_valid_from = greatest(tokens_valid_from, $2) WHERE user_id = $1
