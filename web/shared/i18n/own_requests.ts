import { ownRequests as en } from './en/own_requests';
import { ownRequests as ptBR } from './pt-BR/own_requests';
import { area } from './texts';

export const ownRequestsTexts = area(ptBR, en);
