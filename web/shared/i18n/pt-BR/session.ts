/** Signing in and out. */
export const session = {
  portalTitle: 'Entre na sua conta',
  portalLead: 'Veja seu saldo, seu extrato e compre créditos.',
  adminTitle: 'Entre na administração',
  adminLead: 'Acesso restrito à equipe.',
  email: 'E-mail',
  emailMissing: 'Digite seu e-mail.',
  password: 'Senha',
  passwordMissing: 'Digite sua senha.',
  showPassword: 'Mostrar a senha',
  hidePassword: 'Ocultar a senha',
  submit: 'Entrar',
  expired: 'Sua sessão terminou. Entre de novo para continuar de onde parou.',
  signedOut: 'Você saiu da sua conta.',
  unreachableTitle: 'Serviço fora do ar',
};
