-- Tokens that one staff member granted to one user in the last 24 hours without a second person.
SELECT coalesce(sum(t.tokens_added), 0)::bigint
FROM credit_transactions t
WHERE t.actor_id = $1 AND t.user_id = $2 AND t.tokens_added > 0 AND t.created_at > now() - interval '24 hours'
  AND t.transaction_type IN ('purchase', 'bonus', 'adjustment')
  AND NOT EXISTS (SELECT FROM pending_grants p WHERE p.transaction_id = t.id)
