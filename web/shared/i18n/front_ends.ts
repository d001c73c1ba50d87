import { front_ends as en } from './en/front_ends';
import { front_ends as ptBR } from './pt-BR/front_ends';
import { area } from './texts';

export const frontEndTexts = area(ptBR, en);
