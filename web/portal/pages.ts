/** The portal's pages, in the order of the navigation. */

import { IconCart, IconHome, IconKey, IconRequests, IconStatement, IconUser } from '@shared/icons';
import type { Page } from '@shared/layout/pages';
import { paths } from './paths';

export const pages: readonly Page[] = [
  { path: paths.start, name: 'start', icon: IconHome, load: () => import('./start/start_page') },
  {
    path: paths.statement,
    name: 'statement',
    icon: IconStatement,
    load: () => import('./statement/statement_page'),
  },
  { path: paths.credits, name: 'credits', icon: IconCart, load: () => import('./credits/credits_page') },
  {
    path: paths.requests,
    name: 'requests',
    icon: IconRequests,
    load: () => import('./requests/requests_page'),
  },
  { path: paths.keys, name: 'keys', icon: IconKey, load: () => import('./keys/keys_page') },
  { path: paths.account, name: 'account', icon: IconUser, load: () => import('./account/account_page') },
];
