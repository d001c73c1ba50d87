import type { Role } from '@shared/session/session';

/** The highest first. */
export const ROLES: readonly Role[] = ['super_admin', 'admin', 'operator', 'support', 'user'];
