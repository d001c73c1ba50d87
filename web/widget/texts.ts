/** What the reader reads, in two languages, with numbers and dates as he writes them. */

import type { Language } from './options';

export interface Texts {
  name: string;
  remaining: (tokens: string) => string;
  used: (percent: string) => string;
  renews: (day: string) => string;
  connect: string;
  connectLead: string;
  reconnect: string;
  reconnectLead: string;
  popupBlocked: string;
  disconnect: string;
  suspended: string;
  offline: string;
  close: string;
  statement: string;
  buy: string;
  later: string;
  newWindow: string;
  alertTitle: (percent: number) => string;
  /** `day`: of the renewal, null where there is none. */
  alertLead: (tokens: string, day: string | null) => string;
  urgentTitle: (percent: number) => string;
  urgentLead: (tokens: string, day: string | null) => string;
  emptyTitle: string;
  empty: (renews: boolean) => string;
  stoppedTitle: string;
  stopped: (left: string, needed: string) => string;
  refusedTitle: string;
  refused: (left: string) => string;
  wayOn: (day: string | null) => string;
}

function rest(tokens: string, only = ''): string {
  return tokens === '1' ? `Resta${only} 1 token` : `Restam${only} ${tokens} tokens`;
}

function leftover(tokens: string): string {
  return tokens === '1' ? '1 token is left' : `${tokens} tokens are left`;
}

const PORTUGUESE: Texts = {
  name: 'Saldo de tokens',
  remaining: (tokens) => (tokens === '1' ? '1 token restante' : `${tokens} tokens restantes`),
  used: (percent) => `${percent} usados neste mês`,
  renews: (day) => `A franquia renova em ${day}`,
  connect: 'Conectar meu saldo',
  connectLead: 'Veja aqui quantos tokens você ainda tem neste mês.',
  reconnect: 'Conectar de novo',
  reconnectLead: 'A conexão com o seu saldo terminou.',
  popupBlocked: 'O navegador bloqueou a janela. Permita pop-ups deste site e tente de novo.',
  disconnect: 'Desconectar',
  suspended: 'Conta suspensa',
  offline: 'Sem conexão: este é o último saldo recebido.',
  close: 'Fechar',
  statement: 'Ver extrato',
  buy: 'Comprar créditos',
  later: 'Agora não',
  newWindow: 'abre em outra janela',
  alertTitle: (percent) => `Você já usou ${percent}% dos seus tokens`,
  alertLead: (tokens, day) => `${rest(tokens)}.${day === null ? '' : ` A franquia renova em ${day}.`}`,
  urgentTitle: (percent) => `Atenção: ${percent}% dos tokens já foram usados`,
  urgentLead: (tokens, day) =>
    `${rest(tokens, ' só')}${day === null ? '' : ` até ${day}`}. Compre créditos para não ficar sem o chat.`,
  emptyTitle: 'Seus tokens acabaram',
  empty: (renews) =>
    renews
      ? 'Você usou todos os tokens deste mês.'
      : 'Sua conta está sem créditos e não tem franquia mensal.',
  stoppedTitle: 'Seu chat parou',
  stopped: (left, needed) => `${rest(left)}, e seu último pedido precisava de cerca de ${needed}.`,
  refusedTitle: 'Um pedido não coube no seu saldo',
  refused: (left) => `${rest(left)}.`,
  wayOn: (day) =>
    day === null
      ? 'Para continuar, compre créditos.'
      : `A franquia renova em ${day}. Para continuar agora, compre créditos.`,
};

const ENGLISH: Texts = {
  name: 'Token balance',
  remaining: (tokens) => (tokens === '1' ? '1 token left' : `${tokens} tokens left`),
  used: (percent) => `${percent} used this month`,
  renews: (day) => `Your allowance renews on ${day}`,
  connect: 'Connect my balance',
  connectLead: 'See here how many tokens you have left this month.',
  reconnect: 'Connect again',
  reconnectLead: 'The connection to your balance has ended.',
  popupBlocked: 'The browser blocked the window. Allow pop-ups for this site and try again.',
  disconnect: 'Disconnect',
  suspended: 'Account suspended',
  offline: 'Offline: this is the last balance received.',
  close: 'Close',
  statement: 'See statement',
  buy: 'Buy credits',
  later: 'Not now',
  newWindow: 'opens in another window',
  alertTitle: (percent) => `You have used ${percent}% of your tokens`,
  alertLead: (tokens, day) =>
    `${leftover(tokens)}.${day === null ? '' : ` Your allowance renews on ${day}.`}`,
  urgentTitle: (percent) => `Careful: ${percent}% of your tokens are used`,
  urgentLead: (tokens, day) =>
    `Only ${leftover(tokens)}${day === null ? '' : ` until ${day}`}. Buy credits to keep chatting.`,
  emptyTitle: 'You are out of tokens',
  empty: (renews) =>
    renews ? 'All tokens of this month are used.' : 'Your account has no credits and no monthly allowance.',
  stoppedTitle: 'Your chat has stopped',
  stopped: (left, needed) => `${leftover(left)}, and your last request needed about ${needed}.`,
  refusedTitle: 'A request did not fit into your balance',
  refused: (left) => `${leftover(left)}.`,
  wayOn: (day) =>
    day === null ? 'Buy credits to go on.' : `Your allowance renews on ${day}. Buy credits to go on now.`,
};

export function textsOf(language: Language): Texts {
  return language === 'en' ? ENGLISH : PORTUGUESE;
}

export function tokensText(tokens: number, language: Language): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(tokens);
}

export function percentText(percent: number, language: Language): string {
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(percent)}%`;
}

/** `2026-12-01` → `01/12/2026`, in both languages: the other order would be misread in Brazil. */
export function dayText(day: string): string {
  const [year, month, date] = day.split('-');
  return `${date}/${month}/${year}`;
}
