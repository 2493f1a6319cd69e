import { destination } from '../../../geo/geometry/distance.ts';
import { measureLine } from '../../../geo/geometry/line.ts';
import { NO_AMENDMENTS } from '../../../geo/plan/amendments/amendments.ts';
import type {
  Fence,
  Permit,
  Person,
  Plan,
  Run,
  Shape,
  Stop,
  StopTime,
  Trip,
  Vehicle,
} from '../../../geo/plan/plan.ts';

/** 2026-03-02 07:00 in Changzhou, a Monday: the first departure of every plan made here. */
export const START = Date.UTC(2026, 2, 1, 23, 0, 0);
export const DATE = '20260302';
/** Where every line made here begins, [lon, lat]. */
export const ORIGIN: readonly [number, number] = [119.95, 31.8];

export type Metres = readonly [eastM: number, northM: number];

/** Five kilometres eastward. */
export const STRAIGHT: readonly Metres[] = [
  [0, 0],
  [5_000, 0],
];
/** Who `smallPlan` puts on a run unless told otherwise. */
export const CREW = [
  { id: 'driver', role: 'driver' as const },
  { id: 'escort', role: 'escort' as const },
];

/** A place so many metres east and north of the origin. */
export function place([east, north]: Metres): readonly [number, number] {
  return destination(destination(ORIGIN, north, 0), east, 90);
}

export interface SmallTrip {
  readonly id: string;
  readonly route?: string;
  readonly vehicle?: string | null;
  readonly driver?: string | null;
  readonly escort?: string | null;
  /** Corners of the line. */
  readonly line: readonly Metres[];
  /** Where its stops lie along it, metres; both ends where left out. */
  readonly stops?: readonly number[];
  /** Seconds after `START`, and the pace that the timetable asks for. */
  readonly departS?: number;
  readonly paceMs?: number;
}

export interface SmallPlan {
  readonly version?: string;
  readonly trips: readonly SmallTrip[];
  readonly vehicles?: readonly string[];
  readonly permits?: readonly (Partial<Permit> & { readonly vehicleId: string })[];
  readonly people?: readonly (Partial<Person> & { readonly id: string; readonly role: Person['role'] })[];
  readonly fences?: readonly (Partial<Fence> & {
    readonly kind: Fence['kind'];
    readonly ring: readonly Metres[];
  })[];
  /** False for a plain GTFS plan: no duties, runs must be inferred. */
  readonly duties?: boolean;
}

/** A plan small enough to read in a test. */
export function smallPlan(spec: SmallPlan): Plan {
  const stops = new Map<string, Stop>();
  const shapes = new Map<string, Shape>();
  const trips = new Map<string, Trip>();
  const runs: Run[] = [];
  for (const one of spec.trips) {
    const points = one.line.map(place);
    const line = measureLine(points);
    const shape: Shape = { id: `shape-${one.id}`, ...line, drawn: true };
    shapes.set(shape.id, shape);
    const startS = 7 * 3600 + (one.departS ?? 0);
    const pace = one.paceMs ?? 8;
    const stopTimes = (one.stops ?? [0, line.lengthM]).map((alongM, i): StopTime => {
      const stopId = `${one.id}-${i}`;
      const [lon, lat] = pointOn(points, line.alongM, alongM);
      stops.set(stopId, { id: stopId, name: stopId, lat, lon, locationType: 0, parent: null });
      const at = Math.round(startS + alongM / pace);
      return { stopId, sequence: i + 1, arrivalS: at, departureS: at, alongM, timepoint: true };
    });
    const trip: Trip = {
      id: one.id,
      routeId: one.route ?? `route-${one.id}`,
      serviceId: 'school-days',
      headsign: one.id,
      direction: 0,
      shapeId: shape.id,
      stopTimes,
      startS,
      endS: stopTimes.at(-1)!.arrivalS,
      schoolIds: [],
    };
    trips.set(trip.id, trip);
    runs.push({
      trip,
      serviceDate: DATE,
      start: START + (one.departS ?? 0) * 1000,
      end: START + (trip.endS - 7 * 3600) * 1000,
      vehicleId: one.vehicle === undefined ? 'bus' : one.vehicle,
      driverId: one.driver === undefined ? 'driver' : one.driver,
      escortId: one.escort === undefined ? 'escort' : one.escort,
    });
  }
  runs.sort((a, b) => a.start - b.start);
  const within = (run: Run, time: number, marginS: number) =>
    run.start - marginS * 1000 <= time && time <= run.end + marginS * 1000;
  const people = spec.people ?? CREW;
  const persons = people.map(
    (one): Person => ({
      name: one.id,
      licenceNo: `licence-${one.id}`,
      licenceValidTo: null,
      cardNo: '',
      phone: '',
      ...one,
    }),
  );
  const vehicles = new Map((spec.vehicles ?? ['bus']).map((id) => [id, vehicle(id)]));
  const permits = new Map<string, Permit[]>();
  for (const permit of spec.permits ?? []) {
    permits.set(permit.vehicleId, [...(permits.get(permit.vehicleId) ?? []), { ...PERMIT, ...permit }]);
  }
  return {
    version: spec.version ?? 'small-1',
    timeZone: 'Asia/Shanghai',
    registers: {
      vehicles: spec.vehicles !== undefined,
      permits: spec.permits !== undefined,
      people: spec.people !== undefined,
      duties: spec.duties !== false,
      schools: false,
      riders: false,
      fences: spec.fences !== undefined,
    },
    agencies: new Map(),
    routes: new Map(
      [...trips.values()].map((trip) => [
        trip.routeId,
        { id: trip.routeId, agencyId: null, shortName: trip.routeId, longName: '', type: 3, colour: null },
      ]),
    ),
    trips,
    stops,
    shapes,
    vehicles,
    vehicleByPhone: new Map(),
    permitsByVehicle: permits,
    people: new Map(persons.map((person) => [person.id, person])),
    peopleByCard: new Map(persons.map((person) => [person.licenceNo, person])),
    schools: new Map(),
    ridersByTrip: new Map(),
    rosterByTrip: new Map(),
    fences: (spec.fences ?? []).map(
      ({ ring, ...fence }, i): Fence => ({
        id: `fence-${i}`,
        name: `fence-${i}`,
        geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]!].map((p) => [...place(p)])] },
        speedLimitKmh: null,
        motorway: false,
        windows: [],
        ...fence,
      }),
    ),
    amendments: NO_AMENDMENTS,
    serviceRuns: () => true,
    dutiesAt: (id, time, marginS) => runs.filter((run) => run.vehicleId === id && within(run, time, marginS)),
    runsAt: (time, marginS) => runs.filter((run) => within(run, time, marginS)),
  };
}

const PERMIT: Omit<Permit, 'vehicleId'> = {
  no: 'permit-1',
  routeIds: [],
  schoolIds: [],
  driverIds: [],
  validFrom: '20260101',
  validTo: '20261231',
  morningWindow: null,
  afternoonWindow: null,
  status: 'valid',
};

function vehicle(id: string): Vehicle {
  return {
    id,
    plate: id,
    plateColour: 'yellow',
    terminalPhone: '',
    terminalVersion: '2019',
    seats: 40,
    schoolBusType: 'dedicated',
    operatorId: null,
    district: null,
    inspectedUntil: null,
    insuredUntil: null,
    retiredOn: null,
  };
}

function pointOn(
  points: readonly (readonly [number, number])[],
  alongM: Float64Array,
  at: number,
): readonly [number, number] {
  for (let i = 1; i < points.length; i++) {
    if (at > alongM[i]! && i < points.length - 1) continue;
    const span = alongM[i]! - alongM[i - 1]!;
    const t = span > 0 ? Math.min((at - alongM[i - 1]!) / span, 1) : 0;
    const [a, b] = [points[i - 1]!, points[i]!];
    return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
  }
  return points[0]!;
}
