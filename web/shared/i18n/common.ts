import { common as en } from './en/common';
import { common as ptBR } from './pt-BR/common';
import { area } from './texts';

export const commonTexts = area(ptBR, en);
