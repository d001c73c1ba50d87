/** What the connect page says, in two languages. */

export interface ConnectTexts {
  title: string;
  signInTitle: string;
  signInLead: string;
  email: string;
  password: string;
  signIn: string;
  lead: (name: string) => string;
  may: string;
  mayNot: string;
  agree: string;
  otherAccount: string;
  done: string;
  alone: string;
  failed: string;
  waiting: string;
}

const PORTUGUESE: ConnectTexts = {
  title: 'Mostrar o seu saldo no chat?',
  signInTitle: 'Entre na sua conta',
  signInLead: 'Depois, você autoriza o chat a mostrar o seu saldo de tokens.',
  email: 'E-mail',
  password: 'Senha',
  signIn: 'Entrar',
  lead: (name) => `Você entrou como ${name}. Este chat pede para mostrar o seu saldo:`,
  may: 'Ele vê quantos tokens você tem e usou, e os avisos de limite.',
  mayNot: 'Ele não pode gastar tokens, comprar créditos nem ver suas conversas ou seu extrato.',
  agree: 'Conectar',
  otherAccount: 'Usar outra conta',
  done: 'Pronto. Você já pode fechar esta janela.',
  alone: 'Abra esta página pelo botão do chat: sem ele, não há para onde enviar a autorização.',
  failed: 'Não foi possível falar com o serviço. Tente de novo em alguns segundos.',
  waiting: 'Um momento…',
};

const ENGLISH: ConnectTexts = {
  title: 'Show your balance in the chat?',
  signInTitle: 'Sign in',
  signInLead: 'Then you let the chat show your token balance.',
  email: 'E-mail',
  password: 'Password',
  signIn: 'Sign in',
  lead: (name) => `You are signed in as ${name}. This chat asks to show your balance:`,
  may: 'It sees how many tokens you have and have used, and the alerts.',
  mayNot: 'It can’t spend tokens, buy credits or see your conversations or your statement.',
  agree: 'Connect',
  otherAccount: 'Use another account',
  done: 'Done. You can close this window.',
  alone: 'Open this page by the button in the chat: without it, there is nowhere to send your consent to.',
  failed: 'The service can’t be reached. Try again in a few seconds.',
  waiting: 'One moment…',
};

export function connectTexts(language: string | null): ConnectTexts {
  return language?.startsWith('en') ? ENGLISH : PORTUGUESE;
}
