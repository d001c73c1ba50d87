import { createApi } from '@shared/api/hooks';
import type { paths } from '@shared/api/proxy.gen';

/** The proxy's API, typed by route. */
export const { call, useRead, useWrite } = createApi<paths>();
