import { userActions as en } from './en/user_actions';
import { userActions as ptBR } from './pt-BR/user_actions';
import { area } from './texts';

export const userActionsTexts = area(ptBR, en);
