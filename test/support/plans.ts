import { NO_AMENDMENTS } from '../../geo/plan/amendments/amendments.ts';
import type { Plan, Vehicle } from '../../geo/plan/plan.ts';
import type { CurrentPlan } from '../../services/plan/current-plan.ts';

/** A plan of nothing but vehicles, for tests that need to know whose terminal it is and no more. */
export function planOfVehicles(vehicles: readonly { id: string; phone: string }[], version = 'test'): Plan {
  const made = vehicles.map(
    ({ id, phone }): Vehicle => ({
      id,
      // What the terminals of tests register with.
      plate: 'SU-D0001',
      plateColour: 'yellow',
      terminalPhone: phone,
      terminalVersion: '2013',
      seats: 40,
      schoolBusType: 'dedicated',
      operatorId: null,
      district: 'D1',
      inspectedUntil: null,
      insuredUntil: null,
      retiredOn: null,
    }),
  );
  return {
    version,
    timeZone: 'Asia/Shanghai',
    registers: {
      vehicles: vehicles.length > 0,
      permits: false,
      people: false,
      duties: false,
      schools: false,
      riders: false,
      fences: false,
    },
    agencies: new Map(),
    routes: new Map(),
    trips: new Map(),
    stops: new Map(),
    shapes: new Map(),
    vehicles: new Map(made.map((v) => [v.id, v])),
    vehicleByPhone: new Map(made.map((v) => [v.terminalPhone, v])),
    permitsByVehicle: new Map(),
    people: new Map(),
    peopleByCard: new Map(),
    schools: new Map(),
    ridersByTrip: new Map(),
    rosterByTrip: new Map(),
    fences: [],
    amendments: NO_AMENDMENTS,
    serviceRuns: () => false,
    dutiesAt: () => [],
    runsAt: () => [],
  };
}

/** A current plan that a test swaps itself. */
export function currentPlan(first: Plan | null): CurrentPlan & { swap(plan: Plan): void } {
  let plan = first;
  const listeners = new Set<(plan: Plan) => void>();
  return {
    get plan() {
      return plan;
    },
    files: null,
    base: null,
    refresh: async () => undefined,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      listeners.clear();
    },
    swap(next) {
      plan = next;
      for (const listener of listeners) listener(next);
    },
  };
}
