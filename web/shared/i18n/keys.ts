import { keys as en } from './en/keys';
import { keys as ptBR } from './pt-BR/keys';
import { area } from './texts';

export const keysTexts = area(ptBR, en);
