import { audit as en } from './en/audit';
import { audit as ptBR } from './pt-BR/audit';
import { area } from './texts';

export const auditTexts = area(ptBR, en);
