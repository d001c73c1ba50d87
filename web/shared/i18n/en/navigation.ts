import { navigation as source } from '../pt-BR/navigation';
import { area } from '../texts';

export const navigationTexts = area(source, {
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
});

export type PageName = keyof typeof source;
