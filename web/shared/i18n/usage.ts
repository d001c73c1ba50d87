import { usage as en } from './en/usage';
import { usage as ptBR } from './pt-BR/usage';
import { area } from './texts';

export const usageTexts = area(ptBR, en);
