import type { FleetVehicleView, PlanGeometry, PositionView } from '../../../services/api/contract.ts';
import { api, type Fault } from '../api/client.ts';
import { type LonLat, type Path, pathThrough } from '../fleet/path.ts';
import { createStore } from './store.ts';

export interface PlanState {
  status: 'loading' | 'ready' | 'failed';
  fault: Fault | null;
  geometry: PlanGeometry | null;
  /** Lines of each route, measured once. */
  lines: ReadonlyMap<string, readonly Path[]>;
}

const nothing: PlanState = { status: 'loading', fault: null, geometry: null, lines: new Map() };

/** What is meant to happen, as far as the map draws it. */
export const plan = createStore<PlanState>(nothing);
/** The register, by vehicle id. */
export const register = createStore<ReadonlyMap<string, FleetVehicleView>>(new Map());

const NO_LINES: readonly Path[] = [];

export function linesOf(view: PositionView): readonly Path[] {
  return (view.run && plan.get().lines.get(view.run.route)) ?? NO_LINES;
}

const NONE = { type: 'FeatureCollection', features: [] } as const;
/** What the service has before the first import, which it says by a conflict. */
const NO_PLAN: PlanGeometry = {
  version: '',
  routes: { ...NONE, features: [] },
  stops: { ...NONE, features: [] },
  schools: { ...NONE, features: [] },
  fences: { ...NONE, features: [] },
  base: { ...NONE, features: [] },
};
const CONFLICT = 409;

let asking: Promise<void> | null = null;

/** Asks for the plan; whoever asks meanwhile gets the same answer. */
export function loadPlan(): Promise<void> {
  asking ??= askPlan().finally(() => {
    asking = null;
  });
  return asking;
}

async function askPlan(): Promise<void> {
  const answer = await api.planGeometry();
  if (!answer.ok) {
    if (answer.fault.kind === 'refused' && answer.fault.status === CONFLICT) {
      plan.set({ ...nothing, status: 'ready', geometry: NO_PLAN });
      return;
    }
    // An older plan in hand is better than none.
    plan.update((now) => (now.geometry ? now : { ...nothing, status: 'failed', fault: answer.fault }));
    return;
  }
  if (answer.value.version === plan.get().geometry?.version) return;
  const lines = new Map<string, Path[]>();
  for (const feature of answer.value.routes.features) {
    const path = pathThrough(feature.geometry.coordinates.map((c): LonLat => [c[0]!, c[1]!]));
    const known = lines.get(feature.properties.id);
    if (known) known.push(path);
    else lines.set(feature.properties.id, [path]);
  }
  plan.set({ status: 'ready', fault: null, geometry: answer.value, lines });
}

export async function loadRegister(): Promise<void> {
  const known = new Map<string, FleetVehicleView>();
  for (let after: number | null = 0; after !== null; ) {
    const answer = await api.fleet(after);
    if (!answer.ok) return;
    for (const vehicle of answer.value.items) known.set(vehicle.id, vehicle);
    after = answer.value.next;
  }
  register.set(known);
}

export function forgetPlan(): void {
  plan.set(nothing);
  register.set(new Map());
}
