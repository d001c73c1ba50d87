import { plural } from '../texts';

/** The portal's start page: the balance. */
export const balance = {
  greeting: (name: string) => `Olá, ${name}`,
  title: 'Seu saldo',
  remaining: (count: number, text: string) =>
    plural('pt-BR', count, `${text} token restante`, `${text} tokens restantes`),
  used: (used: string, total: string) => `${used} de ${total} usados`,
  percent: (percent: string) => `${percent} usado`,
  plan: 'Plano',
  noPlan: 'sem plano',
  allowance: 'Franquia do mês',
  allowanceLeft: (count: number, left: string) => plural('pt-BR', count, `resta ${left}`, `restam ${left}`),
  credits: 'Créditos',
  creditsNote: 'não vencem; usados depois da franquia',
  held: 'Em uso agora',
  heldNote: 'reservado para chamadas em andamento',
  renews: 'Próxima renovação',
  runsOut: (date: string) => `Neste ritmo, o saldo acaba em ${date}.`,
  lasts: 'Neste ritmo, o saldo dura até a renovação.',
  lastsTheMonth: 'Neste ritmo, o saldo dura até o fim do mês.',
  notRenewed: 'Nenhuma',
  suspended:
    'Sua conta está suspensa. Você pode consultar o saldo, mas não usar o chat. Fale com o administrador.',
  noTokens: 'nenhum token para usar',
  blocked: 'Seus tokens acabaram e as chamadas estão bloqueadas.',
  stopped: (count: number, left: string, needed: string) =>
    plural(
      'pt-BR',
      count,
      `Seu chat parou: resta ${left} token, e seu último pedido precisava de cerca de ${needed}.`,
      `Seu chat parou: restam ${left} tokens, e seu último pedido precisava de cerca de ${needed}.`,
    ),
  nothing: 'Seu chat está parado: sua conta não tem franquia de tokens neste mês e está sem créditos.',
  wayOn: (date: string) => `Compre créditos ou aguarde a renovação em ${date}.`,
  wayOnBuying: 'Compre créditos para continuar.',
  nearEnd: (date: string) =>
    `Seu saldo está perto do fim. Quando acabar, o chat para até a renovação em ${date}, a menos que você compre créditos.`,
  nearEndOfCredits: 'Seus créditos estão perto do fim. Quando acabarem, o chat para até você comprar mais.',
  overage: (count: number, tokens: string) =>
    plural(
      'pt-BR',
      count,
      `${tokens} token usado além do saldo será descontado da próxima recarga.`,
      `${tokens} tokens usados além do saldo serão descontados da próxima recarga.`,
    ),
  alert: (percent: string) => `Você já usou ${percent} dos seus tokens deste mês`,
  alertAll: 'Você usou todos os seus tokens deste mês',
  alertCredits: (percent: string) => `Você já usou ${percent} dos seus créditos`,
  alertAllCredits: 'Você usou todos os seus créditos',
  alertStopped: 'Seu saldo não cobre mais um pedido comum',
  alertRefused: 'Um pedido não coube no seu saldo',
  acknowledge: 'Entendi',
  buy: 'Comprar créditos',
  granted: (count: number, tokens: string) =>
    plural('pt-BR', count, `Você recebeu ${tokens} token.`, `Você recebeu ${tokens} tokens.`),
  taken: (count: number, tokens: string) =>
    plural(
      'pt-BR',
      count,
      `${tokens} token foi retirado dos seus créditos.`,
      `${tokens} tokens foram retirados dos seus créditos.`,
    ),
  line: {
    connecting: 'Conectando…',
    live: 'Ao vivo',
    waiting: 'Reconectando…',
  },
  recent: 'Uso recente',
  recentAll: 'Ver o extrato completo',
  recentEmptyTitle: 'Nenhum uso ainda',
  recentEmptyText: 'Assim que você conversar com um modelo, suas chamadas aparecem aqui.',
  recentWhen: 'Quando',
  recentModel: 'Modelo',
  recentCharged: 'Tokens',
  openReceipt: (when: string) => `Ver o recibo de ${when}`,
};
