/** The administration's start page. */
export const dashboard = {
  title: 'Painel',
  lead: 'O dia de hoje, em números',
  users: 'Usuários',
  tokens: 'Tokens',
  money: 'Financeiro',
  system: 'Sistema',
  metrics: {
    total_users: 'Usuários no total',
    active_users_today: 'Ativos hoje',
    new_users_today: 'Novos hoje',
    tokens_consumed_today: 'Tokens consumidos hoje',
    tokens_remaining_total: 'Tokens restantes, de todos',
    average_tokens_per_user: 'Média por usuário ativo',
    revenue_today: 'Receita hoje',
    revenue_month: 'Receita no mês',
    credits_purchased_today: 'Compras de créditos hoje',
    proxy_response_time: 'Tempo do proxy',
    litellm_response_time: 'Tempo do LiteLLM',
    error_rate: 'Taxa de erro',
  },
  lastMinutes: 'últimos 5 minutos',
};
