import { statement as en } from './en/statement';
import { statement as ptBR } from './pt-BR/statement';
import { area } from './texts';

export const statementTexts = area(ptBR, en);
