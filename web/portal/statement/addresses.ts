import { paths } from '../paths';

/** The address parameter that names the receipt in view. */
export const RECEIPT = 'recibo';

/** The statement with one request's receipt opened: a link that can be kept and sent. */
export function receiptAddress(requestId: string): string {
  return `${paths.statement}?${new URLSearchParams({ [RECEIPT]: requestId }).toString()}`;
}
