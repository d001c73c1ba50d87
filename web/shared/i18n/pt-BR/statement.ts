import { plural } from '../texts';

/** The portal's statement of use. */
export const statement = {
  title: 'Extrato de Consumo',
  print: 'Imprimir',
  balance: 'Saldo agora',
  model: 'Modelo',
  allModels: 'Todos os modelos',
  inPeriod: 'No período',
  charged: (count: number, tokens: string) =>
    plural('pt-BR', count, `${tokens} token cobrado`, `${tokens} tokens cobrados`),
  calls: (count: number, calls: string) => plural('pt-BR', count, `${calls} chamada`, `${calls} chamadas`),
  byDay: 'Uso por dia',
  byHour: 'Uso por hora',
  tokens: 'Tokens cobrados',
  chart: (span: string, count: number, total: string, most: string, when: string) =>
    `Gráfico de barras, ${span}: ${plural('pt-BR', count, `${total} token cobrado`, `${total} tokens cobrados`)}. O maior valor é ${most}, em ${when}.`,
  span: (from: string, to: string) => (from === to ? from : `${from} a ${to}`),
  byModel: 'Uso por modelo',
  share: (percent: string) => `${percent} do período`,
  history: 'Chamadas',
  when: 'Quando',
  input: 'Entrada',
  output: 'Saída',
  cost: 'Cobrado',
  remaining: 'Saldo depois',
  client: 'Origem',
  receipt: 'Recibo',
  openReceipt: (when: string) => `Ver o recibo de ${when}`,
  emptyTitle: 'Nenhum uso neste período',
  emptyText: 'Escolha outro período ou outro modelo. Suas chamadas aparecem aqui assim que terminam.',
  receiptMissing: 'Este recibo não existe ou não é seu.',
  printed: (name: string, when: string) => `${name} · impresso em ${when}`,
  printedPart: 'O papel traz a página de chamadas em tela. O botão Imprimir e o CSV trazem todas.',
  printedCut: (calls: string) =>
    `O papel traz as ${calls} chamadas mais recentes do período. O CSV traz todas.`,
  truncated: 'O período tem mais dados do que o gráfico mostra. Escolha um período menor.',
};
