SELECT sum(t.tokens_used) AS tokens FROM token_usage t WHERE t.user_id = b.user_id AND t.usage_date BETWEEN $1 AND $2 OFFSET 0
