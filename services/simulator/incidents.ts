import type { Plan } from '../../geo/plan/plan.ts';
import { type BusMotion, type Driven, runKey } from './bus-motion.ts';
import { driveWithDetour, type RoadLine, sideRoads } from './detour.ts';
import { type Drive, driveTimetable, momentOf } from './drive.ts';
import type { DriveBook } from './drive-book.ts';
import { type CeilingAt, driveLeg } from './leg-profile.ts';
import { hashText, scramble } from './seeded-random.ts';
import { fencesTouching } from './speed-ceiling.ts';

/** Something staged, with the rule that should find it. Times in milliseconds since the epoch. */
export interface Incident {
  readonly kind: 'speeding' | 'detour' | 'sos' | 'blind_area' | 'expired_permit' | 'no_escort';
  readonly vehicle: string;
  /** The span in which the bus does it; for what the plan itself has wrong, the whole time. */
  readonly from: number;
  readonly to: number;
}

export interface StageOptions {
  readonly plan: Plan;
  readonly book: DriveBook;
  /** Buses by vehicle id, before anything was asked of them. */
  readonly motions: ReadonlyMap<string, BusMotion>;
  readonly roads: readonly RoadLine[];
  readonly startAt: number;
  readonly seed: number;
}

/** 78 km/h for 40 s, where 60 km/h is the law. */
const SPEEDING_MPS = 78 / 3.6;
const SPEEDING_S = 40;
/** It begins this soon after the start, seconds. */
const SPEEDING_FROM_S = 10;
const SPEEDING_UNTIL_S = 95;
/** Metres for getting up to that speed and down again. */
const SPEED_UP_M = 210;
const SLOW_DOWN_M = 230;
/** Nothing on a stretch where one speeds may be slower than this by itself. */
const OPEN_ROAD_MPS = 12;
/** A wrong turn begins at a place that the bus reaches this soon after the start, seconds; before that it is seen on its route. */
const DETOUR_FROM_S = 40;
const DETOUR_UNTIL_S = 95;
const SOS_FROM_S = 40;
const SOS_HELD_S = 25;
const BLIND_FROM_S = 30;
const BLIND_FOR_S = 240;
/** A run that is to be disturbed has this much left after the disturbance, seconds. */
const LEFT_AFTER_S = 90;

/**
 * Chooses, from the buses whose runs are under way at the start, one for each incident, and changes what they drive.
 * The same plan, seed and start give the same incidents. What no bus offers itself for is left out.
 */
export function stageIncidents(options: StageOptions): Incident[] {
  const { plan, motions, startAt, seed } = options;
  const staged: Incident[] = plannedWrongs(options);
  const taken = new Set(staged.map((incident) => incident.vehicle));
  const order = [...motions.keys()].sort(
    (a, b) => scramble(seed ^ hashText(a)) - scramble(seed ^ hashText(b)) || (a < b ? -1 : 1),
  );
  const offer = (kind: Incident['kind'], attempt: (driven: Driven, motion: BusMotion) => Span | null) => {
    for (const vehicle of order) {
      const motion = motions.get(vehicle)!;
      const driven = taken.has(vehicle) ? null : motion.drivenAt(startAt);
      const span = driven && plan.vehicles.has(vehicle) ? attempt(driven, motion) : null;
      if (!span) continue;
      taken.add(vehicle);
      staged.push({ kind, vehicle, ...span });
      motion.refresh();
      return;
    }
  };
  offer('speeding', (driven, motion) => speed(options, driven, motion));
  offer('detour', (driven, motion) => goAstray(options, driven, motion));
  offer('blind_area', (driven) => duringRun(options, driven, BLIND_FROM_S, BLIND_FOR_S));
  offer('sos', (driven) => duringRun(options, driven, SOS_FROM_S, SOS_HELD_S));
  return staged;
}

/** What the plan itself has wrong: a bus whose permits are all out of date, a duty with nobody to look after pupils. */
function plannedWrongs({ plan, motions, startAt }: StageOptions): Incident[] {
  const staged: Incident[] = [];
  const until = startAt + 24 * 3600_000;
  const date = new Date(startAt).toLocaleDateString('sv-SE', { timeZone: plan.timeZone }).replaceAll('-', '');
  for (const vehicle of motions.keys()) {
    const permits = plan.permitsByVehicle.get(vehicle) ?? [];
    const valid = permits.some((p) => p.status === 'valid' && p.validFrom <= date && date <= p.validTo);
    const duties = plan.dutiesAt(vehicle, startAt, 3600);
    if (plan.registers.permits && plan.vehicles.has(vehicle) && !valid) {
      staged.push({ kind: 'expired_permit', vehicle, from: startAt, to: until });
    } else if (plan.registers.duties && duties.some((run) => run.escortId === null)) {
      staged.push({ kind: 'no_escort', vehicle, from: startAt, to: until });
    }
  }
  return staged;
}

type Span = Pick<Incident, 'from' | 'to'>;

function duringRun({ startAt }: StageOptions, driven: Driven, fromS: number, forS: number): Span | null {
  const [from, to] = [startAt + fromS * 1000, startAt + (fromS + forS) * 1000];
  const fits = driven.start < startAt && driven.end > to + LEFT_AFTER_S * 1000;
  return fits ? { from, to } : null;
}

/** Finds an open stretch within the first minute or so and drives it much too fast. */
function speed({ plan, book, startAt }: StageOptions, driven: Driven, motion: BusMotion): Span | null {
  const { drive } = driven;
  for (let afterS = SPEEDING_FROM_S; afterS <= SPEEDING_UNTIL_S; afterS += 3) {
    const sinceS = (startAt - driven.start) / 1000 + afterS;
    const leg = drive.legs.findIndex((l) => l.departureS + 10 <= sinceS && sinceS < l.arrivalS);
    if (leg < 0) continue;
    const { alongM } = momentOf(drive, sinceS);
    const fastM = SPEED_UP_M + SPEEDING_S * SPEEDING_MPS;
    const endM = drive.stops[leg + 1]!.alongM;
    if (endM < alongM + fastM + SLOW_DOWN_M) continue;
    const fast = speedOnLeg(drive, leg, alongM, alongM + fastM, book.ceilingOf(driven.run.trip));
    if (!fast) continue;
    const near = fencesTouching(drive.path, alongM - 50, alongM + fastM + SLOW_DOWN_M, plan.fences);
    if (near.length > 0) continue;
    motion.incidentDrives.set(runKey(driven.run), fast);
    return {
      from: startAt + afterS * 1000,
      to: startAt + (afterS + 75) * 1000,
    };
  }
  return null;
}

/** The same run, too fast between two places of one leg; the bus is early then and waits at the next stop. */
function speedOnLeg(drive: Drive, leg: number, fromM: number, toM: number, ceiling: CeilingAt): Drive | null {
  for (let alongM = fromM; alongM < toM; alongM += 10) if (ceiling(alongM) < OPEN_ROAD_MPS) return null;
  const cruise = Math.max(...drive.legs[leg]!.profile.speedMps);
  const fast = driveLeg(
    drive.stops[leg]!.alongM,
    drive.stops[leg + 1]!.alongM,
    (alongM) => (alongM >= fromM && alongM <= toM ? SPEEDING_MPS : Math.min(cruise, ceiling(alongM))),
    Number.POSITIVE_INFINITY,
  );
  return driveTimetable(drive.path, drive.stops, ceiling, (i) => (i === leg ? fast : drive.legs[i]!.profile));
}

/** Takes a wrong turn at a junction that the bus comes to soon. */
function goAstray(
  { plan, book, roads, startAt }: StageOptions,
  driven: Driven,
  motion: BusMotion,
): Span | null {
  const { drive, run } = driven;
  const sinceS = (startAt - driven.start) / 1000;
  const fromM = momentOf(drive, sinceS + DETOUR_FROM_S).alongM;
  const toM = momentOf(drive, sinceS + DETOUR_UNTIL_S).alongM;
  if (drive.endS - sinceS < 300) return null;
  const [side] = sideRoads(book.pathOf(run.trip), fromM, toM, roads, plan.fences);
  if (!side) return null;
  const astray = driveWithDetour(drive, side, plan.fences);
  // The bus is late afterwards; the next run must not suffer from it.
  const [next] = plan.dutiesAt(run.vehicleId ?? '', run.end, 3600).filter((r) => r.start >= run.end);
  if (next && next.start < driven.start + astray.endS * 1000 + 60_000) return null;
  motion.incidentDrives.set(runKey(run), astray);
  return { from: startAt + DETOUR_FROM_S * 1000, to: startAt + 240_000 };
}
