-- Inserts the users' use of the month $1, of its days before $2; it must not exist yet.
INSERT INTO usage_user_months (month, model_asked, user_id, tokens_charged)
SELECT $1, coalesce(model_asked, ''), user_id, sum(tokens_charged)
FROM usage_events
WHERE local_day >= $1 AND local_day < $2
GROUP BY GROUPING SETS ((user_id, model_asked), (user_id))
HAVING sum(tokens_charged) > 0
