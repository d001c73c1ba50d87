import { balance as en } from './en/balance';
import { balance as ptBR } from './pt-BR/balance';
import { area } from './texts';

export const balanceTexts = area(ptBR, en);
