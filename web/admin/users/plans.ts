import { useSession } from '@shared/session/session';
import { useRead } from '../api';
import { seesMoney } from './abilities';

export interface PlanChoice {
  value: string;
  label: string;
  monthlyTokens: number;
  active: boolean;
}

/** The plans for a choice; none for those who may not see prices, to whom the service does not tell them. */
export function usePlans(): PlanChoice[] {
  const { user } = useSession();
  const plans = useRead('GET /admin/plans', undefined, { enabled: seesMoney(user.role) });
  return (plans.data?.data ?? []).map((plan) => ({
    value: plan.plan_type,
    label: plan.name,
    monthlyTokens: plan.monthly_tokens,
    active: plan.active,
  }));
}
