import { user as en } from './en/user';
import { user as ptBR } from './pt-BR/user';
import { area } from './texts';

export const userTexts = area(ptBR, en);
