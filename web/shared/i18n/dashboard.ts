import { dashboard as en } from './en/dashboard';
import { dashboard as ptBR } from './pt-BR/dashboard';
import { area } from './texts';

export const dashboardTexts = area(ptBR, en);
