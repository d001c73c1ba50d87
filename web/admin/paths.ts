/** Every address of the administration. The service answers these, and no others, with the application; `:name` is one part of a path. */
export const paths = {
  start: '/',
  signIn: '/entrar',
} as const;
