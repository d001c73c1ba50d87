import { secondPerson as en } from './en/second_person';
import { secondPerson as ptBR } from './pt-BR/second_person';
import { area } from './texts';

export const secondPersonTexts = area(ptBR, en);
