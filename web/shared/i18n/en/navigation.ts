import type { navigation as source } from '../pt-BR/navigation';
import type { TextsLike } from '../texts';

export const navigation: TextsLike<typeof source> = {
  start: 'Home',
  dashboard: 'Dashboard',
  tokens: 'Tokens',
  finance: 'Finance',
  requests: 'Requests',
  models: 'Models and weights',
  frontEnds: 'Front-end keys',
  staff: 'Staff',
  audit: 'Audit log',
  signIn: 'Sign in',
  notFound: 'Page not found',
};
