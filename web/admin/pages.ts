/** The administration's pages, in the order of the navigation. */

import {
  IconAudit,
  IconDashboard,
  IconKey,
  IconModels,
  IconMoney,
  IconRequests,
  IconShield,
  IconTokens,
  IconUsers,
} from '@shared/icons';
import { MONEY_READERS, STAFF, type Page } from '@shared/layout/pages';
import { paths } from './paths';

export const pages: readonly Page[] = [
  {
    path: paths.start,
    name: 'dashboard',
    icon: IconDashboard,
    roles: MONEY_READERS,
    load: () => import('./dashboard/dashboard_page'),
  },
  { path: paths.users, name: 'users', icon: IconUsers, load: () => import('./users/users_page') },
  { path: paths.user, name: 'user', load: () => import('./user/user_page') },
  {
    path: paths.tokens,
    name: 'tokens',
    icon: IconTokens,
    roles: MONEY_READERS,
    load: () => import('./tokens/tokens_page'),
  },
  {
    path: paths.finance,
    name: 'finance',
    icon: IconMoney,
    roles: MONEY_READERS,
    load: () => import('./finance/finance_page'),
  },
  {
    path: paths.requests,
    name: 'requests',
    icon: IconRequests,
    roles: STAFF,
    load: () => import('./requests/requests_page'),
  },
  {
    path: paths.models,
    name: 'models',
    icon: IconModels,
    roles: MONEY_READERS,
    load: () => import('./models/models_page'),
  },
  {
    path: paths.frontEnds,
    name: 'frontEnds',
    icon: IconKey,
    roles: MONEY_READERS,
    load: () => import('./front_ends/front_ends_page'),
  },
  {
    path: paths.staff,
    name: 'staff',
    icon: IconShield,
    roles: MONEY_READERS,
    load: () => import('./staff/staff_page'),
  },
  {
    path: paths.audit,
    name: 'audit',
    icon: IconAudit,
    roles: MONEY_READERS,
    load: () => import('./audit/audit_page'),
  },
];
