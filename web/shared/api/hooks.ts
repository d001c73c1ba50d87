/** Reading and changing through React Query, typed by route. */

import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useErrorNotice } from '../components/notices';
import { type AnswerOf, type Call, createCall, type RequestOf, type RouteOf } from './client';
import type { ApiError } from './errors';

interface ReadOptions {
  /** Ask only when this is true (default). */
  enabled?: boolean;
  /** Ask again every so often while the page is looked at. */
  refreshSeconds?: number;
}

interface WriteOptions<Answer> {
  /** Reads to ask again afterwards, by route: all of them where their data changed. */
  refresh?: readonly string[];
  onDone?: (answer: Answer) => void;
  /** Called instead of showing the error as a notice. */
  onError?: (error: ApiError) => void;
  /** false: no notice, for forms that show the result's `error` themselves. */
  errorNotice?: boolean;
}

export interface Api<Paths extends object> {
  call: Call<Paths>;
  /** The answer of a GET route, kept for its request; the former answer stays in view while the next one is on its way. */
  useRead: <Route extends RouteOf<Paths> & `GET ${string}`>(
    route: Route,
    request?: RequestOf<Paths, Route>,
    options?: ReadOptions,
  ) => UseQueryResult<AnswerOf<Paths, Route>, ApiError>;
  /** A change: `mutate(request)`. An error is shown as a notice unless `onError` takes it. */
  useWrite: <Route extends RouteOf<Paths>>(
    route: Route,
    options?: WriteOptions<AnswerOf<Paths, Route>>,
  ) => UseMutationResult<AnswerOf<Paths, Route>, ApiError, RequestOf<Paths, Route>>;
}

/** The hooks of one service. */
export function createApi<Paths extends object>(): Api<Paths> {
  const call = createCall<Paths>();
  const plainCall = call as (route: string, request: unknown, signal?: AbortSignal) => Promise<never>;
  return {
    call,
    useRead: (route, request, options = {}) =>
      useQuery<never, ApiError>({
        queryKey: [route, request ?? null],
        queryFn: ({ signal }) => plainCall(route, request, signal),
        placeholderData: keepPreviousData,
        enabled: options.enabled ?? true,
        refetchInterval: options.refreshSeconds === undefined ? false : options.refreshSeconds * 1000,
      }),
    useWrite: (route, options = {}) => {
      const client = useQueryClient();
      const showError = useErrorNotice();
      return useMutation({
        mutationFn: (request) => plainCall(route, request),
        onSuccess: async (answer) => {
          options.onDone?.(answer);
          await Promise.all(
            (options.refresh ?? []).map((read) => client.invalidateQueries({ queryKey: [read] })),
          );
        },
        onError: options.onError ?? (options.errorNotice === false ? () => undefined : showError),
      });
    },
  };
}
