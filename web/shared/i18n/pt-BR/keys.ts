import { plural } from '../texts';

/** The reader's own API keys. */
export const keys = {
  title: 'Chaves de API',
  lead: 'Para usar os modelos em programas seus, com o mesmo saldo.',
  create: 'Criar chave',
  name: 'Nome',
  nameHelp: 'Onde ela será usada, por exemplo “notebook” ou “planilha de vendas”.',
  nameMissing: 'Dê um nome à chave.',
  list: 'Chaves em vigor',
  count: (count: number, most: number) =>
    plural('pt-BR', most, `${count} de ${most} chave`, `${count} de ${most} chaves`),
  start: 'Começa com',
  created: 'Criada em',
  used: 'Último uso',
  never: 'nunca',
  usedNote: 'O último uso pode demorar até 5 minutos para aparecer.',
  revoke: 'Revogar',
  revokeOf: (name: string) => `Revogar a chave ${name}`,
  revokeTitle: 'Revogar esta chave?',
  revokeText: (name: string) =>
    `Os programas que usam “${name}” deixam de funcionar na hora. Isso não pode ser desfeito.`,
  revoked: (name: string) => `A chave “${name}” foi revogada.`,
  createdTitle: 'Chave criada',
  key: 'Sua chave',
  keyNote: 'Copie agora e guarde em lugar seguro: ela não será mostrada de novo.',
  finish: 'Já copiei',
  emptyTitle: 'Nenhuma chave',
  emptyText: 'Crie uma chave para chamar os modelos de um programa seu.',
  howTo: 'Como usar',
  howToText:
    'O endereço fala a língua da API da OpenAI: qualquer programa que a usa funciona com esta URL e a sua chave.',
  address: 'Endereço (base URL)',
  curl: 'curl',
  python: 'Python (biblioteca openai)',
  placeholder: 'SUA_CHAVE',
  question: 'Olá!',
  copyOf: (name: string) => `Copiar o exemplo: ${name}`,
};
