import type { navigation as source } from '../pt-BR/navigation';
import type { TextsLike } from '../texts';

export const navigation: TextsLike<typeof source> = {
  start: 'Home',
  statement: 'Usage statement',
  credits: 'Buy credits',
  keys: 'API keys',
  account: 'Account',
  dashboard: 'Dashboard',
  users: 'Users',
  user: 'User',
  tokens: 'Tokens',
  finance: 'Finance',
  requests: 'Requests',
  models: 'Models and weights',
  frontEnds: 'Front-end keys',
  staff: 'Staff',
  audit: 'Audit log',
  signIn: 'Sign in',
  newPassword: 'New password',
  notFound: 'Page not found',
};
