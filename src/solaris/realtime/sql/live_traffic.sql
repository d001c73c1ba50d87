-- The last minutes' calls by minute and model, over all processes: they only grow, so two looks differ by what happened between.
SELECT minute, model, sum(requests)::bigint AS requests, sum(errors)::bigint AS errors
FROM traffic_minutes
WHERE minute > now() - interval '3 minutes'
GROUP BY minute, model
