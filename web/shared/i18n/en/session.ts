import { session as source } from '../pt-BR/session';
import { area } from '../texts';

export const sessionTexts = area(source, {
  portalTitle: 'Sign in to your account',
  portalLead: 'See your balance and your statement, and buy credits.',
  adminTitle: 'Sign in to the administration',
  adminLead: 'For staff only.',
  email: 'E-mail',
  emailMissing: 'Type your e-mail.',
  password: 'Password',
  passwordMissing: 'Type your password.',
  showPassword: 'Show the password',
  hidePassword: 'Hide the password',
  submit: 'Sign in',
  expired: 'Your session ended. Sign in again to go on where you left.',
  signedOut: 'You signed out.',
  unreachableTitle: 'Service unavailable',
});
