/** The administration's pages, in the order of the navigation. */

import { IconDashboard } from '@shared/icons';
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
];
