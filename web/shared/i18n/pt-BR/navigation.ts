/** The pages' names, in the navigation and in the browser's title. */
export const navigation = {
  start: 'Início',
  dashboard: 'Painel',
  signIn: 'Entrar',
  notFound: 'Página não encontrada',
};
