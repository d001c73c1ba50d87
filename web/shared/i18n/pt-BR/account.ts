import { plural } from '../texts';

/** The reader's own account. */
export const account = {
  title: 'Conta',
  person: 'Seus dados',
  name: 'Nome',
  email: 'E-mail',
  noEmail: 'sem e-mail',
  role: 'Perfil',
  plan: 'Plano',
  noPlan: 'sem plano',
  monthly: (count: number, tokens: string) =>
    plural('pt-BR', count, `${tokens} token por mês`, `${tokens} tokens por mês`),
  changes: 'Para mudar nome, e-mail ou plano, fale com o administrador.',
  password: 'Senha',
  current: 'Senha atual',
  temporary: 'Senha provisória',
  temporaryTitle: 'Escolha sua senha',
  temporaryText:
    'Você entrou com uma senha provisória, que outra pessoa conhece. Troque-a por uma só sua para continuar.',
  next: 'Nova senha',
  nextHelp: 'De 10 a 128 caracteres. Uma frase curta é fácil de lembrar e difícil de adivinhar.',
  again: 'Nova senha, de novo',
  missing: 'Preencha este campo.',
  tooShort: 'A nova senha precisa de pelo menos 10 caracteres.',
  different: 'As duas senhas não são iguais.',
  change: 'Mudar a senha',
  changed: 'Sua senha mudou. As outras sessões foram encerradas; as chaves de API continuam valendo.',
  sessions: 'Sessões',
  sessionsText: (until: string) =>
    `Você está conectado neste navegador até ${until}, e por mais tempo se continuar usando.`,
  signOut: 'Sair deste navegador',
  endOthers: 'Encerrar as outras sessões',
  endOthersTitle: 'Encerrar as outras sessões?',
  endOthersText:
    'Quem estiver conectado com a sua conta em outros navegadores e aparelhos terá de entrar de novo. As chaves de API continuam valendo.',
  ended: 'As outras sessões foram encerradas.',
  widgets: 'Contadores conectados',
  widgetsText: 'Páginas de chat que mostram o seu saldo. Elas só leem o saldo, e a conexão vence sozinha.',
  origin: 'Página',
  server: 'Servidor de chat',
  connected: 'Conectado em',
  expires: 'Vence em',
  disconnect: 'Desconectar',
  disconnectOf: (origin: string) => `Desconectar ${origin}`,
  disconnectTitle: 'Desconectar este contador?',
  disconnectText: (origin: string) =>
    `${origin} deixa de mostrar o seu saldo. Você pode conectar de novo por lá.`,
  disconnected: 'O contador foi desconectado.',
  noWidgetsTitle: 'Nenhum contador conectado',
  noWidgetsText: 'Quando você conectar o contador de uma página de chat, ele aparece aqui.',
};
