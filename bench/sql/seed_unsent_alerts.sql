-- Verificar alertas não enviados
SELECT u.email, tu.tokens_used, tu.tokens_remaining
FROM users u
JOIN token_usage tu ON u.id = tu.user_id
WHERE (tu.tokens_used::float / (tu.tokens_used + tu.tokens_remaining)) >= 0.8
AND tu.usage_date = CURRENT_DATE;
