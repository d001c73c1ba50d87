import type { Cause } from '@shared/api/admin.gen';
import { useRead } from '../api';
import { causesOf, type Planned } from './rules';

export interface Expected {
  causes: readonly Cause[];
  /** The tokens that one person may add alone; 0: any amount. */
  limit: number;
}

/** Why what is being typed will need a second person; nothing while it is incomplete. */
export function useCauses(planned: Planned | null): Expected {
  const rules = useRead('GET /admin/settings/approvals').data;
  const packages = useRead('GET /admin/packages').data?.data;
  if (!planned || !rules || !packages) return { causes: [], limit: 0 };
  const offers = packages.filter((one) => one.active);
  return { causes: causesOf(planned, rules, offers), limit: rules.second_person_above_tokens };
}
