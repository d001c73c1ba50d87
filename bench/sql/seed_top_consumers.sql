-- Verificar usuários com mais consumo
SELECT u.email, SUM(tu.tokens_used) as total_tokens
FROM users u
JOIN token_usage tu ON u.id = tu.user_id
WHERE tu.usage_date >= CURRENT_DATE - INTERVAL '7 days'
GROUP BY u.id, u.email
ORDER BY total_tokens DESC
LIMIT 10;
