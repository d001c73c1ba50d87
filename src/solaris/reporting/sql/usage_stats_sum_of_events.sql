SELECT sum(e.tokens_charged) AS tokens FROM usage_events e
WHERE e.user_id = b.user_id AND e.local_day BETWEEN $1 AND $2 AND e.occurred_at >= ($1::date - 2)::timestamptz AND e.model_asked = $3
OFFSET 0
