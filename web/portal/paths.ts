/** Every address of the portal. The proxy answers these, and no others, with the application; `:name` is one part of a path. */
export const paths = {
  start: '/',
  signIn: '/entrar',
  statement: '/extrato',
  credits: '/creditos',
  requests: '/solicitacoes',
  keys: '/chaves',
  account: '/conta',
} as const;
