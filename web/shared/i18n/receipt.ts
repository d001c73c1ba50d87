import { receipt as en } from './en/receipt';
import { receipt as ptBR } from './pt-BR/receipt';
import { area } from './texts';

export const receiptTexts = area(ptBR, en);
