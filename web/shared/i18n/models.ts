import { models as en } from './en/models';
import { models as ptBR } from './pt-BR/models';
import { area } from './texts';

export const modelsTexts = area(ptBR, en);
