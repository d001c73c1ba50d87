import { requests as en } from './en/requests';
import { requests as ptBR } from './pt-BR/requests';
import { area } from './texts';

export const requestsTexts = area(ptBR, en);
