import { plural } from '../texts';

/** A receipt: what one request cost, and how that came about. */
export const receipt = {
  title: 'Recibo da chamada',
  when: 'Quando',
  model: 'Modelo',
  answeredBy: (model: string) => `respondido por ${model}`,
  client: 'Origem',
  ending: 'Como terminou',
  duration: 'Duração',
  firstByte: (time: string) => `primeira resposta em ${time}`,
  requestId: 'Código da chamada',
  traceId: 'Código de rastreio',
  cost: 'Custo no provedor',
  kinds: {
    input: 'Entrada',
    cached_input: 'Entrada em cache',
    output: 'Saída',
    reasoning: 'Raciocínio',
  },
  endings: {
    complete: 'Completa',
    no_usage: 'Completa, sem contagem do provedor',
    upstream_error: 'Erro do provedor',
    client_gone: 'Interrompida por quem chamou',
    proxy_gone: 'Interrompida por um reinício do serviço',
    out_of_tokens: 'Interrompida: o saldo livre não cobria o resto',
  },
  estimated:
    'O provedor não informou o uso desta chamada: os tokens foram contados a partir do texto trocado.',
  howItCameAbout: 'Como se chegou ao valor',
  kind: 'Tipo',
  tokens: 'Tokens',
  weight: 'Peso',
  result: 'Resultado',
  line: (count: number, tokens: string, weight: string) =>
    `${plural('pt-BR', count, `${tokens} token`, `${tokens} tokens`)} × peso ${weight}`,
  sum: 'Soma',
  factor: (factor: string) => `Vezes o fator de conversão ${factor}`,
  rounded: 'Arredondado para cima, uma única vez',
  charged: 'Tokens cobrados',
  inWords: (count: number, charged: string) =>
    plural('pt-BR', count, `Esta chamada custou ${charged} token.`, `Esta chamada custou ${charged} tokens.`),
  paidBy: 'Quem pagou',
  sources: { allowance: 'Franquia do mês', credits: 'Créditos', overage: 'Além do saldo' },
  overageNote: 'O que passou do saldo é descontado da próxima recarga ou renovação.',
  remaining: 'Saldo depois da chamada',
  free: 'Nada foi cobrado.',
};
