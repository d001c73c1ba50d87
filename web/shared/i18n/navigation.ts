import { navigation as en } from './en/navigation';
import { navigation as ptBR } from './pt-BR/navigation';
import { area } from './texts';

export const navigationTexts = area(ptBR, en);
export type PageName = keyof typeof ptBR;
