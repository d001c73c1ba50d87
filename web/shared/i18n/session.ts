import { session as en } from './en/session';
import { session as ptBR } from './pt-BR/session';
import { area } from './texts';

export const sessionTexts = area(ptBR, en);
