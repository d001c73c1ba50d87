import { plural } from '../texts';

/** The administration's start page. */
export const dashboard = {
  title: 'Painel',
  lead: 'O dia de hoje, em números',
  updated: (time: string) => `atualizado às ${time}`,
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
  noCalls: 'sem chamadas nos últimos 5 minutos',
  exactly: (text: string) => `exatamente ${text}`,
  periods: {
    yesterday: 'ontem até esta hora',
    lastMonth: 'o mês passado até este dia',
    sameTime: 'ontem neste horário',
  },
  live: {
    title: 'Consumo de Tokens em Tempo Real',
    states: {
      connecting: 'Conectando…',
      live: 'Ao vivo',
      waiting: 'Reconectando…',
    },
    slower: 'O Redis não responde: os números vêm do banco de dados, a cada 2 segundos.',
    quietTitle: 'Tudo calmo',
    quietText: 'Nenhum token foi usado nos últimos 5 minutos. O gráfico se move assim que alguém conversar.',
    tokens: 'Tokens',
    span: (seconds: string) => `últimos 5 minutos, ${seconds} segundos por barra`,
    describe: (count: number, tokens: string) =>
      plural(
        'pt-BR',
        count,
        `Gráfico de barras: ${tokens} token usado nos últimos 5 minutos.`,
        `Gráfico de barras: ${tokens} tokens usados nos últimos 5 minutos.`,
      ),
    lastMinute: 'No último minuto',
    tokensPerMinute: 'tokens',
    requestsPerMinute: (count: number) => plural('pt-BR', count, 'chamada', 'chamadas'),
    errorsPerMinute: (count: number) => plural('pt-BR', count, 'erro', 'erros'),
    byModel: 'Por modelo, no último minuto',
    modelLine: (count: number, requests: string) =>
      plural('pt-BR', count, `${requests} chamada`, `${requests} chamadas`),
    noModels: 'Nenhuma chamada no último minuto.',
  },
  news: {
    title: 'Acontecendo agora',
    empty: 'Alertas, pedidos e recargas aparecem aqui no momento em que acontecem.',
    alert: (percent: string) => `passou de ${percent} do saldo`,
    request: (ticket: string, tokens: string) => `pediu ${tokens} tokens (${ticket})`,
    grant: (count: number, tokens: string) =>
      plural('pt-BR', count, `recebeu ${tokens} token`, `recebeu ${tokens} tokens`),
    taken: (count: number, tokens: string) =>
      plural('pt-BR', count, `teve ${tokens} token retirado`, `teve ${tokens} tokens retirados`),
  },
  top: {
    title: 'Maiores consumidores de hoje',
    user: 'Usuário',
    plan: 'Plano',
    consumed: 'Consumido hoje',
    remaining: 'Restante',
    noPlan: 'sem plano',
    emptyTitle: 'Ninguém usou tokens hoje',
    emptyText: 'Quem mais consumir aparece aqui.',
  },
  services: {
    title: 'Serviços',
    names: { database: 'PostgreSQL', redis: 'Redis', litellm: 'LiteLLM' } as Record<string, string>,
    states: { ok: 'No ar', down: 'Fora do ar', off: 'Desligado' },
    effects: {
      database: 'Sem o banco de dados, nenhuma chamada é atendida.',
      redis: 'Sem o Redis, os limites por minuto contam por processo e o tempo real fica mais lento.',
      litellm: 'Sem o LiteLLM, as chamadas são respondidas com erro e nada é cobrado.',
    } as Record<string, string>,
    cause: (cause: string) => `Causa: ${cause}`,
    notConfigured: 'Não está configurado.',
  },
};
