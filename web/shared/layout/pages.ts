/** What an application is made of: its pages, and which of them the navigation shows. */

import type { ComponentType } from 'react';
import type { PageName } from '../i18n';
import type { Icon } from '../icons';
import type { Role } from '../session/session';

export interface Page {
  /** From the application's `paths.ts`. */
  path: string;
  /** Its name in the navigation and in the browser's title (`i18n/…/navigation.ts`). */
  name: PageName;
  /** Loaded when it is first opened. */
  load: () => Promise<{ default: ComponentType }>;
  /** Given: the navigation shows the page, with this icon. */
  icon?: Icon;
  /** Who may see it; left out: everybody who is signed in. The service decides all the same. */
  roles?: readonly Role[];
}

export const STAFF: readonly Role[] = ['support', 'operator', 'admin', 'super_admin'];
export const MONEY_READERS: readonly Role[] = ['operator', 'admin', 'super_admin'];
export const MONEY_WRITERS: readonly Role[] = ['admin', 'super_admin'];

export function maySee(page: Page, role: Role): boolean {
  return page.roles === undefined || page.roles.includes(role);
}

/** The first page a role may see, where it may not see the one asked for. */
export function firstPage(pages: readonly Page[], role: Role): Page | undefined {
  return pages.find((page) => page.icon !== undefined && maySee(page, role));
}

/** Whether the address lies on the page, or below it: `/usuarios/7` is a part of `/usuarios`. */
export function isCurrent(page: Page, location: string): boolean {
  return page.path === '/'
    ? location === '/'
    : location === page.path || location.startsWith(`${page.path}/`);
}
