import { staff as en } from './en/staff';
import { staff as ptBR } from './pt-BR/staff';
import { area } from './texts';

export const staffTexts = area(ptBR, en);
