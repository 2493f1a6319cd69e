import type { Bus } from '../bus/bus.ts';
import { PLAN_CHANGED } from '../bus/subjects.ts';
import { planVersion } from '../plan/plan-files.ts';
import { withoutRider } from '../store/erase-rider.ts';
import type { PrivacyRequest } from '../store/privacy-store.ts';
import type { Store } from '../store/store.ts';

const MOST_TRIES = 8;

/**
 * Carries out a confirmed request: first the child leaves the plan in force, so that nothing new is made of it, then
 * everything that is kept. May be done again where it was interrupted.
 */
export async function carryOutErasure(
  { store, bus }: { readonly store: Store; readonly bus: Bus },
  { id, rider }: Pick<PrivacyRequest, 'id' | 'rider'>,
  by: string,
  at: number,
): Promise<void> {
  await leavePlan(store, bus, rider, by);
  const erased = await store.privacy.eraseRider(rider);
  await store.audit.append({
    at,
    userId: by,
    action: 'privacy-erased',
    subject: id,
    detail: { ...erased, riders: [rider] },
    remote: '',
  });
  await store.privacy.decide(id, 'confirmed', 'done', by, at, null);
}

async function leavePlan(store: Store, bus: Bus, rider: string, by: string): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const current = await store.plans.current();
    const text = withoutRider(current?.files.get('riders.csv') ?? '', rider);
    if (!current || text === null) return;
    const changed = new Map([['riders.csv', text]]);
    const version = planVersion(new Map([...current.files, ...changed]));
    const saving = { expected: current.version, by };
    if (!(await store.plans.amend(version, changed, 'A child was erased at its family’s request', saving)))
      continue;
    bus.publish(PLAN_CHANGED, { version });
    return;
  }
  throw new Error('the plan in force kept changing while a child was to leave it');
}
