import { AsyncLocalStorage } from 'node:async_hooks';
import type { Tenants } from './tenant.ts';

const current = new AsyncLocalStorage<Tenants>();

/** Runs `work`, and whatever it starts, with the rows of these tenants in reach and no others. */
export const asViewer = <T>(tenants: Tenants, work: () => T): T => current.run(tenants, work);

/** Throws outside of `asViewer`: a query that nobody stands behind is a fault, not one that sees everything. */
export function viewerTenants(): Tenants {
  const tenants = current.getStore();
  if (tenants === undefined) throw new Error('a query of a viewer was made where no viewer is known');
  return tenants;
}
