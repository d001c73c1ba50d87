-- What all active users may still spend. Follows the CTE `standings`.
SELECT coalesce(sum(tokens_remaining), 0)::bigint FROM standings WHERE state <> 'suspended'
