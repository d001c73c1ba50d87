/** The users' list as the address holds it and as the service is asked for it. Pure. */

import type { UserSort, UserState } from '@shared/api/admin.gen';
import type { Sort } from '@shared/components/data_table';

/** The filters' names in the address. */
export const FILTER = {
  text: 'busca',
  state: 'estado',
  plan: 'plano',
  usage: 'uso',
  createdFrom: 'criado_de',
  createdTo: 'criado_ate',
} as const;

export const STATES: readonly UserState[] = ['normal', 'alert_80', 'alert_90', 'blocked', 'suspended'];
const STATE_NAMES: Record<UserState, string> = {
  normal: 'ativo',
  alert_80: 'alerta-80',
  alert_90: 'alerta-90',
  blocked: 'bloqueado',
  suspended: 'suspenso',
};

/** Bands of use; percents are those shown, with two digits. */
const USAGE_BANDS = {
  'ate-50': { min: 0, max: 49.99 },
  '50-80': { min: 50, max: 79.99 },
  '80-90': { min: 80, max: 89.99 },
  '90-100': { min: 90, max: 99.99 },
  '100': { min: 100, max: 100 },
} as const;
export type UsageBand = keyof typeof USAGE_BANDS;
export const BANDS = ['ate-50', '50-80', '80-90', '90-100', '100'] as const satisfies readonly UsageBand[];

const ORDERS: readonly UserSort[] = [
  'name',
  'email',
  'created_at',
  'usage_percent',
  'tokens_used',
  'tokens_remaining',
];
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOST_TEXT = 200;

export interface UserFilters {
  q?: string;
  state?: UserState;
  plan?: string;
  usage_percent_min?: number;
  usage_percent_max?: number;
  created_from?: string;
  created_to?: string;
}

/** The state of that name in the address. */
export function stateOf(name: string): UserState | null {
  return STATES.find((state) => STATE_NAMES[state] === name) ?? null;
}

export function nameOfState(state: UserState): string {
  return STATE_NAMES[state];
}

/** What the address asks for; what makes no sense in it is left out rather than answered with an error. */
export function readFilters(filter: (name: string) => string): UserFilters {
  const wanted: UserFilters = {};
  const text = filter(FILTER.text).trim().slice(0, MOST_TEXT);
  if (text) wanted.q = text;
  const state = stateOf(filter(FILTER.state));
  if (state) wanted.state = state;
  const plan = filter(FILTER.plan);
  if (plan) wanted.plan = plan;
  const band = BANDS.find((name) => name === filter(FILTER.usage));
  if (band) {
    wanted.usage_percent_min = USAGE_BANDS[band].min;
    wanted.usage_percent_max = USAGE_BANDS[band].max;
  }
  const [from, to] = [filter(FILTER.createdFrom), filter(FILTER.createdTo)];
  if (isDay(from)) wanted.created_from = from;
  if (isDay(to) && !isWrongOrder(from, to)) wanted.created_to = to;
  return wanted;
}

/** Whether both are days and the last comes before the first. */
export function isWrongOrder(from: string, to: string): boolean {
  return isDay(from) && isDay(to) && to < from;
}

/** The service's sort and order; a column that it does not sort by falls back to the newest first. */
export function readOrder(sort: Sort): { sort: UserSort; order: 'asc' | 'desc' } {
  const column = ORDERS.find((one) => one === sort.column);
  if (!column) return { sort: 'created_at', order: 'desc' };
  return { sort: column, order: sort.descending ? 'desc' : 'asc' };
}

function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(Date.parse(text));
}
