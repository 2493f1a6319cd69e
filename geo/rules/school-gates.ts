import { distanceM } from '../geometry/distance.ts';
import { pointInRings } from '../geometry/polygon.ts';
import { type CellIndex, cellIndex } from '../matching/cell-index.ts';
import type { Plan, School } from '../plan/plan.ts';
import { type ZoneClock, zoneClock } from '../plan/time-zone.ts';

/** Seconds after midnight between which pupils are brought to a school, and fetched from it. */
export interface GateHours {
  readonly bringing: readonly [number, number];
  readonly fetching: readonly [number, number];
}

/** Where schools are and when pupils come and go there, by the plan. */
export interface SchoolGates {
  readonly clock: ZoneClock;
  /** The school whose gate this place is at, or null. */
  at(lat: number, lon: number): School | null;
  hours(school: School): GateHours;
  /** Do pupils go to the school on the date `YYYYMMDD`? By its runs; without any, from Monday to Friday. */
  isSchoolDay(school: School, date: string): boolean;
}

/** A school drawn as a point has its gate within so much of it. [D] */
const GATE_M = 100;
/** Before the first planned arrival, and after the last. [D] */
const EARLY_S = 2_700;
const LATE_S = 1_200;
/** Where the plan has no run of the school. [D] */
const USUAL: GateHours = { bringing: [22_800, 31_200], fetching: [54_000, 66_600] };

const gatesOf = new WeakMap<Plan, SchoolGates>();

/** Laid out once for each plan. */
export function schoolGates(plan: Plan): SchoolGates {
  let gates = gatesOf.get(plan);
  if (gates === undefined) {
    gates = layOut(plan);
    gatesOf.set(plan, gates);
  }
  return gates;
}

function layOut(plan: Plan): SchoolGates {
  const clock = zoneClock(plan.timeZone);
  const index: CellIndex<readonly School[]> = cellIndex([...plan.schools.values()], (school) => [
    boxOf(school),
  ]);
  const { hours, services } = runsOf(plan);
  return {
    clock,
    at(lat, lon) {
      for (const school of index.at(lat, lon)) if (isGate(school, lat, lon)) return school;
      return null;
    },
    hours: (school) => hours.get(school.id) ?? USUAL,
    isSchoolDay(school, date) {
      const own = services.get(school.id);
      if (own !== undefined) return [...own].some((service) => plan.serviceRuns(service, date));
      const day = new Date(
        `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T00:00:00Z`,
      ).getUTCDay();
      return day > 0 && day < 6;
    },
  };
}

function runsOf(plan: Plan): {
  readonly hours: ReadonlyMap<string, GateHours>;
  readonly services: ReadonlyMap<string, ReadonlySet<string>>;
} {
  const services = new Map<string, Set<string>>();
  const bringing = new Map<string, [number, number]>();
  const fetching = new Map<string, [number, number]>();
  const widen = (spans: Map<string, [number, number]>, school: string, atS: number): void => {
    const span = spans.get(school) ?? [atS, atS];
    spans.set(school, [Math.min(span[0], atS), Math.max(span[1], atS)]);
  };
  for (const trip of plan.trips.values()) {
    const first = plan.stops.get(trip.stopTimes[0]?.stopId ?? '');
    const fromSchool = first?.locationType === 1 || first?.parent != null;
    for (const school of trip.schoolIds) {
      services.set(school, (services.get(school) ?? new Set()).add(trip.serviceId));
      widen(fromSchool ? fetching : bringing, school, fromSchool ? trip.startS : trip.endS);
    }
  }
  const hours = new Map<string, GateHours>();
  for (const school of services.keys()) {
    const [b, f] = [bringing.get(school), fetching.get(school)];
    hours.set(school, {
      bringing: b ? [b[0] - EARLY_S, b[1] + LATE_S] : USUAL.bringing,
      fetching: f ? [f[0] - LATE_S, f[1] + EARLY_S] : USUAL.fetching,
    });
  }
  return { hours, services };
}

function isGate(school: School, lat: number, lon: number): boolean {
  if (school.geofence !== null && pointInRings([lon, lat], school.geofence)) return true;
  return distanceM([school.lon, school.lat], [lon, lat]) <= GATE_M;
}

/** Wide enough for the gate in any latitude with roads. */
function boxOf(school: School): readonly [number, number, number, number] {
  const lats = [school.lat];
  const lons = [school.lon];
  for (const ring of school.geofence ?? []) {
    for (const [lon, lat] of ring) {
      lons.push(lon);
      lats.push(lat);
    }
  }
  const latDeg = GATE_M / 110_000;
  const lonDeg = latDeg / Math.max(0.2, Math.cos((school.lat * Math.PI) / 180));
  return [
    Math.min(...lons) - lonDeg,
    Math.min(...lats) - latDeg,
    Math.max(...lons) + lonDeg,
    Math.max(...lats) + latDeg,
  ];
}
