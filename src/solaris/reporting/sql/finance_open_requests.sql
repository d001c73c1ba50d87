-- The open credit requests.
SELECT count(*) AS requests, coalesce(sum(tokens), 0)::bigint AS tokens, coalesce(sum(amount_brl), 0) AS amount_brl,
       min(created_at) AS oldest_created_at
FROM credit_requests
WHERE state = 'pending'
