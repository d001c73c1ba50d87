import { account as en } from './en/account';
import { account as ptBR } from './pt-BR/account';
import { area } from './texts';

export const accountTexts = area(ptBR, en);
