import { createApi } from '@shared/api/hooks';
import type { ProxyRoutes } from '@shared/api/proxy.gen';

/** The proxy's API, typed by route. */
export const { call, useRead, useWrite } = createApi<ProxyRoutes>();
