-- Calls of the last minutes by minute and model, over all processes. The counts only grow, so the
-- difference of two reads is the usage between them.
SELECT minute, model, sum(requests)::bigint AS requests, sum(errors)::bigint AS errors
FROM traffic_minutes
WHERE minute > now() - interval '3 minutes'
GROUP BY minute, model
