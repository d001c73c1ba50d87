import { forms as en } from './en/forms';
import { forms as ptBR } from './pt-BR/forms';
import { area } from './texts';

export const formTexts = area(ptBR, en);
