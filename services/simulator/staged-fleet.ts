import type { Plan, PlanFiles } from '../../geo/plan/plan.ts';
import { roadLines } from './detour.ts';
import { DriveSource } from './drive-source.ts';
import type { FleetClock } from './fleet-clock.ts';
import { type Incident, stageIncidents } from './incidents.ts';
import { type PlanBus, planFleet } from './plan-buses.ts';

export interface StagedBus extends PlanBus {
  readonly source: DriveSource;
  /** Event times at which its radio is dead. */
  readonly silences: readonly { readonly from: number; readonly to: number }[];
}

export interface StagedFleet {
  readonly buses: readonly StagedBus[];
  readonly incidents: readonly Incident[];
}

export interface StagedFleetOptions {
  readonly plan: Plan;
  /** For the roads of `base.geojson`, on which a bus goes astray. */
  readonly files: PlanFiles | null;
  /** Null for as many as the plan has. */
  readonly buses: number | null;
  readonly intervalS: number;
  readonly seed: number;
  readonly clock: FleetClock;
  readonly incidents: boolean;
}

/** The buses of a plan with what is staged among them, whether they report over TCP or straight to a test. */
export function stagedFleet(options: StagedFleetOptions): StagedFleet {
  const { plan, files, seed, clock, intervalS } = options;
  const fleet = planFleet(plan, options.buses, clock.startAt, seed);
  const own = fleet.buses.filter((bus) => bus.behindMs === 0);
  const incidents = options.incidents
    ? stageIncidents({
        plan,
        book: fleet.book,
        motions: new Map(own.map((bus) => [bus.identity.vehicle, bus.motion])),
        roads: roadLines(files?.get('base.geojson')),
        startAt: clock.startAt,
        seed,
      })
    : [];
  const of = (bus: PlanBus, kind: Incident['kind']) =>
    incidents.filter((incident) => incident.kind === kind && incident.vehicle === bus.identity.vehicle);
  const buses = fleet.buses.map((bus) => ({
    ...bus,
    source: new DriveSource({
      motion: bus.motion,
      clock,
      intervalS,
      seed: bus.seed,
      behindMs: bus.behindMs,
      emergencies: of(bus, 'sos'),
    }),
    silences: of(bus, 'blind_area'),
  }));
  return { buses, incidents };
}
