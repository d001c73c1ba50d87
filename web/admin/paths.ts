/** Every address of the administration. The service answers these, and no others, with the application; `:name` is one part of a path. */
export const paths = {
  start: '/',
  users: '/usuarios',
  user: '/usuarios/:id',
  tokens: '/tokens',
  finance: '/financeiro',
  requests: '/solicitacoes',
  models: '/modelos',
  frontEnds: '/chaves',
  staff: '/equipe',
  audit: '/auditoria',
  signIn: '/entrar',
} as const;
