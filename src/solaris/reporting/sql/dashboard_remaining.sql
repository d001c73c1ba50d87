-- The remaining tokens of all active users. Follows the CTE `standings`.
SELECT coalesce(sum(tokens_remaining), 0)::bigint FROM standings WHERE state <> 'suspended'
