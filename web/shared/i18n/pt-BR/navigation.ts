/** The pages' names, in the navigation and in the browser's title. */
export const navigation = {
  start: 'Início',
  dashboard: 'Painel',
  tokens: 'Tokens',
  finance: 'Financeiro',
  requests: 'Solicitações',
  models: 'Modelos e pesos',
  frontEnds: 'Chaves de front-end',
  staff: 'Equipe',
  audit: 'Auditoria',
  signIn: 'Entrar',
  notFound: 'Página não encontrada',
};
