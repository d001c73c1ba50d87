/** The administration's pages, in the order of the navigation. */

import { IconDashboard, IconTokens } from '@shared/icons';
import { MONEY_READERS, type Page } from '@shared/layout/pages';
import { paths } from './paths';

export const pages: readonly Page[] = [
  {
    path: paths.start,
    name: 'dashboard',
    icon: IconDashboard,
    roles: MONEY_READERS,
    load: () => import('./dashboard/dashboard_page'),
  },
  {
    path: paths.tokens,
    name: 'tokens',
    icon: IconTokens,
    roles: MONEY_READERS,
    load: () => import('./tokens/tokens_page'),
  },
];
