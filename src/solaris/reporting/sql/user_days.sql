-- One user's days from $2 to $3, those without use included.
SELECT d.day::date AS usage_date, coalesce(t.tokens_used, 0) AS tokens_used, t.tokens_remaining
FROM generate_series($2::date::timestamp, $3::date::timestamp, interval '1 day') AS d (day)
LEFT JOIN token_usage t ON t.user_id = $1 AND t.usage_date = d.day::date
ORDER BY 1
