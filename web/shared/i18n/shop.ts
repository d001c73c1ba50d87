import { shop as en } from './en/shop';
import { shop as ptBR } from './pt-BR/shop';
import { area } from './texts';

export const shopTexts = area(ptBR, en);
