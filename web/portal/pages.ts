/** The portal's pages, in the order of the navigation. */

import { IconHome } from '@shared/icons';
import type { Page } from '@shared/layout/pages';
import { paths } from './paths';

export const pages: readonly Page[] = [
  { path: paths.start, name: 'start', icon: IconHome, load: () => import('./start/start_page') },
];
