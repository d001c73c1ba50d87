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
  noPlan: 'Sem plano',
  allowance: 'Franquia do mês',
  allowanceLeft: (left: string) => `restam ${left}`,
  credits: 'Créditos',
  creditsNote: 'não vencem; usados depois da franquia',
  held: 'Em uso agora',
  heldNote: 'reservado para chamadas em andamento',
  renews: 'Próxima renovação',
  runsOut: (date: string) => `Neste ritmo, o saldo acaba em ${date}.`,
  lasts: 'Neste ritmo, o saldo dura até a renovação.',
  suspended:
    'Sua conta está suspensa. Você pode consultar o saldo, mas não usar o chat. Fale com o administrador.',
  blocked: 'Seus tokens acabaram. Compre créditos ou aguarde a renovação.',
  overage: (tokens: string) => `${tokens} tokens usados além do saldo serão descontados da próxima recarga.`,
};
