import type { Plan } from '../../geo/plan/plan.ts';
import { BusMotion, type RunsAround } from './bus-motion.ts';
import { Dispatch, dutyRuns } from './dispatch.ts';
import { type DriveBook, driveBookOf } from './drive-book.ts';
import { hashText, scramble } from './seeded-random.ts';
import { identityOf, madeUpIdentity, type TerminalIdentity } from './terminal-identity.ts';

/** One bus of a simulated fleet. */
export interface PlanBus {
  readonly identity: TerminalIdentity;
  readonly motion: BusMotion;
  /** It drives what the bus of `motion` drove this long ago; 0 for its own runs. Milliseconds. */
  readonly behindMs: number;
  readonly seed: number;
}

export interface PlanFleet {
  readonly book: DriveBook;
  readonly buses: readonly PlanBus[];
}

/** A bus made up beside another one follows it at this distance in time. */
const FOLLOWS_AFTER_MS = 150_000;

/**
 * `count` buses on the plan's runs; all the plan's own where null. First the vehicles that the plan gives duties to;
 * without duties the runs are given out from `startAt` on. Buses beyond those are made up and follow one of them.
 */
export function planFleet(plan: Plan, count: number | null, startAt: number, seed: number): PlanFleet {
  const book = driveBookOf(plan);
  const own = plan.registers.duties ? ownDuties(plan) : givenOut(plan, book, count, startAt);
  const parking = parkingPlace(plan);
  const makeMotion = (runs: RunsAround, vehicle: string) =>
    new BusMotion(book, runs, scramble(seed ^ hashText(vehicle)), parking);
  const buses: PlanBus[] = own.slice(0, count ?? own.length).map(({ identity, runs }) => ({
    identity,
    motion: makeMotion(runs, identity.vehicle),
    behindMs: 0,
    seed: scramble(seed ^ hashText(identity.phone)),
  }));
  const leaders = buses.length;
  if (leaders === 0) throw new Error('the plan has no run for any bus to drive');
  for (let i = leaders; i < (count ?? 0); i++) {
    const identity = extraIdentity(i + 1);
    buses.push({
      identity,
      motion: buses[i % leaders]!.motion,
      behindMs: Math.floor(i / leaders) * FOLLOWS_AFTER_MS,
      seed: scramble(seed ^ hashText(identity.phone)),
    });
  }
  return { book, buses };
}

/** The terminal of the nth bus where the plan has fewer; its phone is in no register. */
export function extraIdentity(n: number): TerminalIdentity {
  return madeUpIdentity(`SIM-${String(n).padStart(5, '0')}`);
}

interface OwnRuns {
  readonly identity: TerminalIdentity;
  readonly runs: RunsAround;
}

function ownDuties(plan: Plan): OwnRuns[] {
  return [...plan.vehicles.values()]
    .filter((vehicle) => vehicle.terminalPhone !== '')
    .map((vehicle) => ({ identity: identityOf(vehicle), runs: dutyRuns(plan, vehicle.id) }));
}

function givenOut(plan: Plan, book: DriveBook, count: number | null, startAt: number): OwnRuns[] {
  const registered = [...plan.vehicles.values()].filter((vehicle) => vehicle.terminalPhone !== '');
  const most = count ?? (registered.length > 0 ? registered.length : DEFAULT_BUSES);
  const dispatch = new Dispatch(plan, book, most, startAt);
  return Array.from({ length: dispatch.busy }, (_, i) => ({
    identity: registered[i] ? identityOf(registered[i]) : extraIdentity(i + 1),
    runs: dispatch.runsOf(i),
  }));
}

/** For a plan that names no vehicles. */
const DEFAULT_BUSES = 40;

/** [lon, lat] of a depot, else of the first stop. */
function parkingPlace(plan: Plan): [number, number] {
  const depot = plan.fences.find((fence) => fence.kind === 'depot' && fence.geometry.type === 'Polygon');
  if (depot?.geometry.type === 'Polygon') {
    const ring = depot.geometry.coordinates[0]!.slice(1);
    const mean = (axis: 0 | 1) => ring.reduce((sum, point) => sum + point[axis]!, 0) / ring.length;
    return [mean(0), mean(1)];
  }
  const [stop] = plan.stops.values();
  return [stop?.lon ?? 0, stop?.lat ?? 0];
}
