import { buildTrips, type TimedTrip } from './build-trips.ts';
import type { Permit, Plan, PlanFiles, PlanResult, School, Stop, Trip } from './plan.ts';
import { PLAN_TABLES, REQUIRED_FILES } from './plan-file-names.ts';
import { newProblemList } from './problems.ts';
import { DUTIES, readDuties } from './read-duties.ts';
import { checkBaseMap, FENCES_FILE, readFences } from './read-fences.ts';
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
import { indexRuns } from './run-index.ts';
import { CALENDAR, CALENDAR_DATES, readServiceCalendar } from './service-calendar.ts';
import { warnOfStaffMatters } from './staff-warnings.ts';
import { readStopTimeRows } from './stop-time-rows.ts';
import { hasColumns, type PlanSource } from './table.ts';
import { zoneClock } from './time-zone.ts';

/**
 * Builds the plan from its files, or says of every bad cell where it is and why; there is no half-built plan.
 * Pure: the same files give the same plan.
 */
export function buildPlan(files: PlanFiles, version: string): PlanResult {
  const source: PlanSource = { files, problems: newProblemList(), warnings: newProblemList() };
  // A missing column would make a thousand problems of every file that refers to it, so it is said alone.
  if (!hasFilesAndColumns(source)) return failed(source);

  const { agencies, timeZone } = readAgencies(source);
  const routes = readRoutes(source, agencies);
  const stops = readStops(source);
  const drawnShapes = readShapes(source);
  const calendar = readServiceCalendar(source);
  const tripRows = readTripRows(source, routes, calendar, drawnShapes);
  const stopList = [...stops.values()];
  const stopTimeRows = readStopTimeRows(source, numbered(tripRows.keys()), numbered(stops.keys()));
  const { trips: timedTrips, shapes } = buildTrips(
    source,
    [...tripRows.values()],
    stopList,
    drawnShapes,
    stopTimeRows,
  );

  const has = (file: string) => files.has(file);
  const { vehicles, vehicleByPhone } = readVehicles(source);
  const people = readPeople(source);
  const schools = readSchools(source);
  const knownVehicles = has(VEHICLES.file) ? vehicles : null;
  const knownPeople = has(PEOPLE.file) ? people : null;
  const permits = readPermits(source, knownVehicles, knownPeople, routes);
  const duties = readDuties(source, timedTrips, calendar, knownVehicles, knownPeople);
  const riders = readRiders(source, stopsOfTrip(timedTrips), has(SCHOOLS.file) ? schools : null);
  const fences = readFences(source);
  checkBaseMap(source);
  if (source.problems.count > 0) return failed(source);

  const trips = withSchools(timedTrips, stops, schools, riders);
  const runIndex = indexRuns(trips.values(), duties, calendar, zoneClock(timeZone));
  const plan: Plan = {
    version,
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
    schools,
    ridersByTrip: riders.countOf,
    fences,
    serviceRuns: calendar.runs,
    dutiesAt: runIndex.dutiesAt,
    runsAt: runIndex.runsAt,
  };
  warnOfStaffMatters(source, plan, duties, permits, calendar);
  return { ok: true, plan, warnings: source.warnings.listed() };
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

/** A stop or its parent is a school where it bears the school's id. */
function withSchools(
  trips: ReadonlyMap<string, TimedTrip>,
  stops: ReadonlyMap<string, Stop>,
  schools: ReadonlyMap<string, School>,
  riders: Riders,
): Map<string, Trip> {
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
