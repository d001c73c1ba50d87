import type { Role } from '@shared/session/session';
import { useSession } from '@shared/session/session';

/** Whether the person at the page has one of the roles. The service decides all the same. */
export function useMay(roles: readonly Role[]): boolean {
  return roles.includes(useSession().user.role);
}
