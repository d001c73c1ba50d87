import type { paths } from '@shared/api/admin.gen';
import { createApi } from '@shared/api/hooks';

/** The administration's API, typed by route. */
export const { call, useRead, useWrite } = createApi<paths>();
