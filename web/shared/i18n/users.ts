import { users as en } from './en/users';
import { users as ptBR } from './pt-BR/users';
import { area } from './texts';

export const usersTexts = area(ptBR, en);
