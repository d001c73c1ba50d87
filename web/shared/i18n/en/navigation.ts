import type { navigation as source } from '../pt-BR/navigation';
import type { TextsLike } from '../texts';

export const navigation: TextsLike<typeof source> = {
  start: 'Home',
  dashboard: 'Dashboard',
  signIn: 'Sign in',
  notFound: 'Page not found',
};
