import { finance as en } from './en/finance';
import { finance as ptBR } from './pt-BR/finance';
import { area } from './texts';

export const financeTexts = area(ptBR, en);
