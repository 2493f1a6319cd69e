import type { Logger } from 'pino';
import type { Plan } from '../../geo/plan/plan.ts';
import type { CurrentPlan } from '../plan/current-plan.ts';
import { vehicleTenants } from '../plan/vehicle-tenants.ts';
import { type Tenant, tenant } from '../store/tenancy/tenant.ts';
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
    await store.put(inForce.version, allTenants(inForce, vehicleTenants(inForce, files)));
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

/** With the terminals of the vehicles, and the districts of the schools, which name rows too. */
function allTenants(plan: Plan, vehicles: Map<string, Set<Tenant>>): Map<string, ReadonlySet<Tenant>> {
  const all = new Map<string, ReadonlySet<Tenant>>(vehicles);
  for (const [phone, vehicle] of plan.vehicleByPhone) {
    const owners = vehicles.get(vehicle.id);
    if (owners) all.set(`phone:${phone.replace(/^0+/, '')}`, owners);
  }
  for (const { id, district } of plan.schools.values())
    if (district) all.set(`school:${id}`, new Set([tenant('district', district)]));
  return all;
}
