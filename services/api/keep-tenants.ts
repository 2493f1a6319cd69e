import type { Logger } from 'pino';
import type { Plan } from '../../geo/plan/plan.ts';
import type { CurrentPlan } from '../plan/current-plan.ts';
import { subjectTenants, vehicleTenants } from '../plan/vehicle-tenants.ts';
import type { TenantStore } from '../store/tenancy/tenant-store.ts';

/**
 * Keeps what the database knows of tenants with the plan in force. Every web process does so; the first one to hear of
 * a version writes it. Until then what the plan brings anew is in nobody's reach but of those who see everything.
 */
export async function keepTenants(options: {
  store: TenantStore;
  plan: CurrentPlan;
  log: Logger;
}): Promise<{ close(): void }> {
  const { store, plan, log } = options;
  const put = async (inForce: Plan): Promise<void> => {
    const { files } = plan;
    if (!files || plan.plan !== inForce || (await store.version()) === inForce.version) return;
    await store.put(inForce.version, subjectTenants(inForce, vehicleTenants(inForce, files)));
  };
  let turn: Promise<void> = Promise.resolve();
  const next = (inForce: Plan): void => {
    turn = turn
      .then(() => put(inForce))
      .catch((error) => log.error({ err: error }, 'the tenants of the plan could not be stored'));
  };
  if (plan.plan) await put(plan.plan);
  const end = plan.onChange(next);
  return { close: end };
}
