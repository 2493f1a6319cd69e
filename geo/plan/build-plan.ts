import type { AmendmentContext } from './amendments/context.ts';
import { dayChanges } from './amendments/day-changes.ts';
import { AMENDMENT_TABLES, readAmendments } from './amendments/read-amendments.ts';
import { buildTrips, type TimedTrip } from './build-trips.ts';
import type { Permit, Plan, PlanFiles, PlanProblem, PlanResult, School, Stop, Trip } from './plan.ts';
import { PLAN_TABLES, REQUIRED_FILES } from './plan-file-names.ts';
import { newProblemList } from './problems.ts';
import { DUTIES, readDuties } from './read-duties.ts';
import { BASE_FILE, checkBaseMap, FENCES_FILE, readFences } from './read-fences.ts';
import { readAgencies, readRoutes, readShapes, readStops } from './read-network.ts';
import {
  PEOPLE,
  PERMITS,
  RIDERS,
  type Riders,
  readPeople,
  readPermits,
  readRiders,
  readSchools,
  readVehicles,
  SCHOOLS,
  VEHICLES,
} from './read-registers.ts';
import { readTripRows } from './read-trips.ts';
import { indexRuns, type PlannedRuns } from './run-index.ts';
import { CALENDAR, CALENDAR_DATES, readServiceCalendar, type ServiceCalendar } from './service-calendar.ts';
import { warnOfStaffMatters } from './staff-warnings.ts';
import { readStopTimeRows } from './stop-time-rows.ts';
import { finish, hasColumns, type PlanSource, type Steps } from './table.ts';
import { isTimeZone, zoneClock } from './time-zone.ts';

/** All of a plan but its amendments: what is not built again when they alone change. */
export interface PlanBase {
  readonly plan: Omit<Plan, 'version' | 'amendments' | 'dutiesAt' | 'runsAt'>;
  readonly runs: PlannedRuns;
  readonly calendar: ServiceCalendar;
  readonly context: AmendmentContext;
  readonly warnings: readonly PlanProblem[];
  readonly network: PlanNetwork;
}

/** The timetable and its lines: what is not built again when registers alone change. */
export interface PlanNetwork {
  readonly agencies: Plan['agencies'];
  readonly timeZone: string;
  readonly routes: Plan['routes'];
  readonly stops: Plan['stops'];
  readonly shapes: Plan['shapes'];
  readonly calendar: ServiceCalendar;
  readonly trips: ReadonlyMap<string, TimedTrip>;
  readonly warnings: readonly PlanProblem[];
}

/** The files besides the amendments of which a change leaves the network as it is. */
export const REGISTER_FILES: readonly string[] = [
  ...[VEHICLES, PEOPLE, PERMITS, SCHOOLS, DUTIES, RIDERS].map((table) => table.file),
  FENCES_FILE,
  BASE_FILE,
];

/**
 * Builds the plan from its files, or says of every bad cell where it is and why; there is no half-built plan.
 * Pure: the same files give the same plan.
 */
export function buildPlan(files: PlanFiles, version: string): PlanResult {
  return finish(buildPlanInSteps(files, version));
}

/** As `buildPlan`, in steps of some milliseconds. */
export function* buildPlanInSteps(files: PlanFiles, version: string): Steps<PlanResult> {
  const source: PlanSource = { files, problems: newProblemList(), warnings: newProblemList() };
  // A missing column would make a thousand problems of every file that refers to it, so it is said alone.
  if (!hasFilesAndColumns(source)) return failed(source);
  const network = yield* buildNetwork(source);
  yield;
  return yield* layRegisters(source, network, version);
}

/**
 * The plan of the network with the registers and amendments that the files hold, whose other files must be those that
 * the network was built from. In steps of some milliseconds.
 */
export function* rebuildRegisters(
  { network }: PlanBase,
  files: PlanFiles,
  version: string,
): Steps<PlanResult> {
  const source: PlanSource = { files, problems: newProblemList(), warnings: newProblemList() };
  if (!hasFilesAndColumns(source)) return failed(source);
  return yield* layRegisters(source, network, version);
}

function* buildNetwork(source: PlanSource): Steps<PlanNetwork> {
  const { agencies, timeZone } = readAgencies(source);
  const routes = readRoutes(source, agencies);
  const stops = readStops(source);
  const drawnShapes = yield* readShapes(source);
  const calendar = readServiceCalendar(source);
  const tripRows = readTripRows(source, routes, calendar, drawnShapes);
  yield;
  const stopList = [...stops.values()];
  const stopTimeRows = yield* readStopTimeRows(source, numbered(tripRows.keys()), numbered(stops.keys()));
  const { trips, shapes } = yield* buildTrips(
    source,
    [...tripRows.values()],
    stopList,
    drawnShapes,
    stopTimeRows,
  );
  const warnings = source.warnings.listed();
  return { agencies, timeZone, routes, stops, shapes, calendar, trips, warnings };
}

/** `source` may hold problems of the network already: what is wrong with the registers is said in the same go. */
function* layRegisters(source: PlanSource, network: PlanNetwork, version: string): Steps<PlanResult> {
  const { agencies, timeZone, routes, stops, shapes, calendar } = network;
  const { files } = source;
  const has = (file: string) => files.has(file);
  const own: PlanSource = { ...source, warnings: newProblemList() };
  const { vehicles, vehicleByPhone } = readVehicles(own);
  const { people, peopleByCard } = readPeople(own);
  const schools = readSchools(own);
  yield;
  const knownVehicles = has(VEHICLES.file) ? vehicles : null;
  const knownPeople = has(PEOPLE.file) ? people : null;
  const knownSchools = has(SCHOOLS.file) ? schools : null;
  const permits = readPermits(own, knownVehicles, knownPeople, routes, knownSchools);
  const duties = readDuties(own, network.trips, calendar, knownVehicles, knownPeople);
  yield;
  const riders = readRiders(own, stopsOfTrip(network.trips), knownSchools);
  yield;
  const fences = readFences(own, knownVehicles);
  checkBaseMap(own);
  const clock = zoneClock(isTimeZone(timeZone) ? timeZone : 'UTC');
  const context: AmendmentContext = {
    clock,
    trips: network.trips,
    routes,
    vehicles: knownVehicles,
    people: knownPeople,
    schools: knownSchools,
    fences,
  };
  if (own.problems.count > 0) {
    // What is wrong with the amendments is said in the same go.
    readAmendments({ source: own, context });
    return failed(own);
  }
  yield;

  const trips = yield* withSchools(network.trips, stops, schools, riders);
  yield;
  const runs = indexRuns(trips.values(), duties, calendar, clock);
  yield;
  const plan: PlanBase['plan'] = {
    timeZone,
    registers: {
      vehicles: has(VEHICLES.file),
      permits: has(PERMITS.file),
      people: has(PEOPLE.file),
      duties: has(DUTIES.file),
      schools: has(SCHOOLS.file),
      riders: has(RIDERS.file),
      fences: has(FENCES_FILE),
    },
    agencies,
    routes,
    trips,
    stops,
    shapes,
    vehicles,
    vehicleByPhone,
    permitsByVehicle: grouped(permits),
    people,
    peopleByCard,
    schools,
    ridersByTrip: riders.countOf,
    rosterByTrip: riders.rosterOf,
    fences,
    serviceRuns: calendar.runs,
  };
  warnOfStaffMatters(own, plan, duties, permits, calendar);
  const warnings = [...network.warnings, ...own.warnings.listed()];
  return amendPlan({ plan, runs, calendar, context, warnings, network }, files, version);
}

/**
 * The plan of the base with the amendments that the files hold, whose other files must be those that the base was built
 * from. Takes milliseconds, whatever the size of the network.
 */
export function amendPlan(base: PlanBase, files: PlanFiles, version: string): PlanResult {
  const source: PlanSource = { files, problems: newProblemList(), warnings: newProblemList() };
  for (const table of AMENDMENT_TABLES) hasColumns(source, table, false);
  if (source.problems.count > 0) return failed(source);
  const amendments = readAmendments({ source, context: base.context });
  if (source.problems.count > 0) return failed(source);
  const { dutiesAt, runsAt } = base.runs.amended(dayChanges(amendments, base.plan.schools, base.calendar));
  const plan: Plan = { ...base.plan, version, amendments, dutiesAt, runsAt };
  return { ok: true, plan, base, warnings: [...base.warnings, ...source.warnings.listed()] };
}

function failed(source: PlanSource): PlanResult {
  return { ok: false, problems: source.problems.listed() };
}

function hasFilesAndColumns(source: PlanSource): boolean {
  for (const file of REQUIRED_FILES) {
    if (!source.files.has(file)) source.problems.add(file, 0, '', 'the plan lacks this file');
  }
  if (!source.files.has(CALENDAR.file) && !source.files.has(CALENDAR_DATES.file)) {
    source.problems.add(CALENDAR.file, 0, '', `the plan lacks this file, and ${CALENDAR_DATES.file} too`);
  }
  for (const table of PLAN_TABLES) {
    // An empty register would say that nobody is on it.
    const mayBeEmpty = table.file.endsWith('.txt') && !REQUIRED_FILES.includes(table.file);
    hasColumns(source, table, mayBeEmpty);
  }
  return source.problems.count === 0;
}

function numbered(ids: Iterable<string>): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const id of ids) numbers.set(id, numbers.size);
  return numbers;
}

/** The stops of a trip as a set, made only for the trips that riders are on; null where there is no such trip. */
function stopsOfTrip(trips: ReadonlyMap<string, TimedTrip>): (tripId: string) => ReadonlySet<string> | null {
  const made = new Map<string, ReadonlySet<string>>();
  return (tripId) => {
    let stopIds = made.get(tripId);
    const trip = trips.get(tripId);
    if (!stopIds && trip) {
      stopIds = new Set(trip.stopTimes.map((stopTime) => stopTime.stopId));
      made.set(tripId, stopIds);
    }
    return stopIds ?? null;
  };
}

/** Trips looked at in one step: some milliseconds. */
const TRIPS_A_STEP = 2_000;

/** A stop or its parent is a school where it bears the school's id. */
function* withSchools(
  trips: ReadonlyMap<string, TimedTrip>,
  stops: ReadonlyMap<string, Stop>,
  schools: ReadonlyMap<string, School>,
  riders: Riders,
): Steps<Map<string, Trip>> {
  const result = new Map<string, Trip>();
  for (const [id, trip] of trips) {
    const schoolIds = new Set<string>();
    if (schools.size > 0) {
      for (const { stopId } of trip.stopTimes) {
        const parent = stops.get(stopId)?.parent;
        if (schools.has(stopId)) schoolIds.add(stopId);
        if (parent && schools.has(parent)) schoolIds.add(parent);
      }
    }
    for (const schoolId of riders.schoolsOf.get(id) ?? []) schoolIds.add(schoolId);
    result.set(id, { ...trip, schoolIds: [...schoolIds] });
    if (result.size % TRIPS_A_STEP === 0) yield;
  }
  return result;
}

function grouped(permits: readonly Permit[]): Map<string, Permit[]> {
  const ofVehicle = new Map<string, Permit[]>();
  for (const permit of permits) {
    const list = ofVehicle.get(permit.vehicleId);
    if (list) list.push(permit);
    else ofVehicle.set(permit.vehicleId, [permit]);
  }
  return ofVehicle;
}
