-- Tokens charged for a finished request; null if it has no event.
SELECT tokens_charged FROM usage_events WHERE user_id = $1 AND request_id = $2
