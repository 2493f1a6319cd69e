import type { Bound, DayChanges } from './amendments/day-changes.ts';
import type { Run, Trip } from './plan.ts';
import type { Duty } from './read-duties.ts';
import type { ServiceCalendar } from './service-calendar.ts';
import { dateOfDay, type ZoneClock } from './time-zone.ts';

/** Finds the runs of a moment: the two questions that are asked for every report. */
export interface RunIndex {
  dutiesAt(vehicle: string, time: number, marginS: number): readonly Run[];
  runsAt(time: number, marginS: number): readonly Run[];
}

/** The timetable's runs, grouped once; what changes single days makes another index of the same groups. */
export interface PlannedRuns extends RunIndex {
  amended(changes: DayChanges | null): RunIndex;
}

export interface RunIndexOptions {
  /** Service dates whose runs are kept in memory; the least recently asked for goes first. */
  readonly cachedDates?: number;
}

const DAY_MS = 86_400_000;
/** Local noon of a date, minus 12 h, is within this of the date's midnight in UTC, in every zone. */
const ZONE_SPREAD_MS = 15 * 3_600_000;
const CACHED_DATES = 16;
const CACHED_DAY_STARTS = 1024;
const NO_RUNS: readonly Run[] = Object.freeze([]);

/** All runs of one service date, in order of start. */
interface RunsOfDate {
  readonly runs: readonly Run[];
  /** For each run the latest end of it and all before it: where a search may begin. Never falls. */
  readonly latestEnd: Float64Array;
  readonly ofVehicle: ReadonlyMap<string, readonly Run[]>;
}

/** Trips by service, duties by trip and date. */
interface RunBook {
  readonly tripsOfService: ReadonlyMap<string, readonly Trip[]>;
  readonly dated: ReadonlyMap<string, ReadonlyMap<string, readonly Duty[]>>;
  readonly standing: ReadonlyMap<string, readonly Duty[]>;
  readonly vehicles: ReadonlySet<string>;
  readonly earliestS: number;
  readonly latestS: number;
  readonly calendar: ServiceCalendar;
  readonly clock: ZoneClock;
  readonly cachedDates: number;
}

export function indexRuns(
  trips: Iterable<Trip>,
  duties: readonly Duty[],
  calendar: ServiceCalendar,
  clock: ZoneClock,
  { cachedDates = CACHED_DATES }: RunIndexOptions = {},
): PlannedRuns {
  const tripsOfService = new Map<string, Trip[]>();
  let earliestS = Infinity;
  let latestS = -Infinity;
  for (const trip of trips) {
    append(tripsOfService, trip.serviceId, trip);
    earliestS = Math.min(earliestS, trip.startS);
    latestS = Math.max(latestS, trip.endS);
  }
  const dated = new Map<string, Map<string, Duty[]>>();
  const standing = new Map<string, Duty[]>();
  const vehicles = new Set<string>();
  for (const duty of duties) {
    if (duty.vehicleId !== null) vehicles.add(duty.vehicleId);
    if (duty.serviceDate === null) append(standing, duty.tripId, duty);
    else
      append(
        getOrAdd(dated, duty.serviceDate, () => new Map<string, Duty[]>()),
        duty.tripId,
        duty,
      );
  }
  const book = {
    tripsOfService,
    dated,
    standing,
    vehicles,
    earliestS,
    latestS,
    calendar,
    clock,
    cachedDates,
  };
  const planned = runIndex(book, null, null);
  return {
    dutiesAt: planned.dutiesAt,
    runsAt: planned.runsAt,
    amended: (changes) => (changes === null ? planned : runIndex(book, changes, planned.runsOfDay)),
  };
}

type RunsOfDay = (day: number) => RunsOfDate;

/** `planned` has the days that the changes leave as they are. */
function runIndex(
  book: RunBook,
  changes: DayChanges | null,
  planned: RunsOfDay | null,
): RunIndex & { readonly runsOfDay: RunsOfDay } {
  const { tripsOfService, dated, standing, calendar, clock, cachedDates } = book;
  const earliestS = book.earliestS - (changes?.mostMovedS ?? 0);
  const latestS = book.latestS + (changes?.mostMovedS ?? 0);
  const dates = new Map<number, RunsOfDate>();
  const dayStarts = new Map<number, number>();

  return {
    runsOfDay,
    dutiesAt(vehicle, time, marginS) {
      if (!book.vehicles.has(vehicle) && !changes?.vehicles.has(vehicle)) return NO_RUNS;
      const marginMs = marginS * 1000;
      return during(time, marginMs, (runs, found) => {
        for (const run of runs.ofVehicle.get(vehicle) ?? NO_RUNS) {
          if (run.start > time + marginMs) break;
          if (run.end >= time - marginMs) found.push(run);
        }
      });
    },
    runsAt(time, marginS) {
      const marginMs = marginS * 1000;
      return during(time, marginMs, ({ runs, latestEnd }, found) => {
        for (let i = firstAtLeast(latestEnd, time - marginMs); i < runs.length; i++) {
          const run = runs[i]!;
          if (run.start > time + marginMs) break;
          if (run.end >= time - marginMs) found.push(run);
        }
      });
    },
  };

  /** Collects from the service dates that may have runs in the span. */
  function during(
    time: number,
    marginMs: number,
    collect: (runs: RunsOfDate, found: Run[]) => void,
  ): readonly Run[] {
    if (latestS < earliestS) return NO_RUNS;
    const from = time - marginMs;
    const to = time + marginMs;
    const firstDay = Math.floor((from - latestS * 1000 - ZONE_SPREAD_MS) / DAY_MS);
    const lastDay = Math.floor((to - earliestS * 1000 + ZONE_SPREAD_MS) / DAY_MS);
    const found: Run[] = [];
    let datesWithRuns = 0;
    for (let day = firstDay; day <= lastDay; day++) {
      const start = dayStart(day);
      if (start + latestS * 1000 < from || start + earliestS * 1000 > to) continue;
      const before = found.length;
      collect(runsOfDay(day), found);
      if (found.length > before) datesWithRuns++;
    }
    if (found.length === 0) return NO_RUNS;
    // Yesterday's trip at 25:00 starts after today's at 00:30.
    return datesWithRuns > 1 ? found.sort(byStart) : found;
  }

  function dayStart(day: number): number {
    let start = dayStarts.get(day);
    if (start === undefined) {
      if (dayStarts.size >= CACHED_DAY_STARTS) dayStarts.clear();
      start = clock.serviceDayStart(dateOfDay(day));
      dayStarts.set(day, start);
    }
    return start;
  }

  function runsOfDay(day: number): RunsOfDate {
    let runs = dates.get(day);
    if (runs && dates.size < cachedDates) return runs;
    if (runs) dates.delete(day);
    else if (dates.size >= cachedDates) dates.delete(dates.keys().next().value!);
    const date = dateOfDay(day);
    if (planned && !changes?.touches(date)) return planned(day);
    runs ??= buildDate(date, dayStart(day));
    dates.set(day, runs);
    return runs;
  }

  function buildDate(serviceDate: string, dayStartMs: number): RunsOfDate {
    const runs: Run[] = [];
    const datedDuties = dated.get(serviceDate);
    const add = (trip: Trip, bound: readonly Bound[], movedS: number): void => {
      const start = dayStartMs + (trip.startS + movedS) * 1000;
      const end = dayStartMs + (trip.endS + movedS) * 1000;
      for (const { vehicleId, driverId, escortId } of bound.length > 0 ? bound : UNBOUND) {
        runs.push({ trip, serviceDate, start, end, vehicleId, driverId, escortId });
      }
    };
    if (changes?.touches(serviceDate)) {
      const day = changes.of(serviceDate);
      const running: { trip: Trip; isOn: (serviceId: string) => boolean }[] = [];
      for (const [serviceId, ofService] of tripsOfService) {
        for (const trip of ofService) {
          const isOn = day.services(trip);
          if (isOn(serviceId)) running.push({ trip, isOn });
        }
      }
      const movesOf = day.schoolMoves(running.map(({ trip }) => trip));
      for (const { trip, isOn } of running) {
        const bound = datedDuties?.get(trip.id) ?? standingDuties(trip.id, isOn);
        const dispatched = day.dispatched(trip, bound);
        if (dispatched) add(trip, dispatched.bound, dispatched.movedS ?? movesOf(trip));
      }
    } else {
      const isOn = (serviceId: string) => calendar.runs(serviceId, serviceDate);
      for (const [serviceId, ofService] of tripsOfService) {
        if (!isOn(serviceId)) continue;
        for (const trip of ofService)
          add(trip, datedDuties?.get(trip.id) ?? standingDuties(trip.id, isOn), 0);
      }
    }
    runs.sort(byStart);
    const latestEnd = new Float64Array(runs.length);
    const ofVehicle = new Map<string, Run[]>();
    runs.forEach((run, i) => {
      latestEnd[i] = Math.max(run.end, latestEnd[i - 1] ?? -Infinity);
      if (run.vehicleId !== null) append(ofVehicle, run.vehicleId, run);
    });
    return { runs, latestEnd, ofVehicle };
  }

  function standingDuties(tripId: string, isOn: (serviceId: string) => boolean): readonly Duty[] {
    return standing.get(tripId)?.filter((duty) => isOn(duty.serviceId!)) ?? NO_DUTIES;
  }
}

const NO_DUTIES: readonly Duty[] = [];
const UNBOUND = [{ vehicleId: null, driverId: null, escortId: null }];

/** By start, then end; of two alike by their ids, so that the order never depends on the files'. */
function byStart(a: Run, b: Run): number {
  return (
    a.start - b.start ||
    a.end - b.end ||
    compare(a.trip.id, b.trip.id) ||
    compare(a.vehicleId ?? '', b.vehicleId ?? '')
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Index of the first value of a never falling array that is at least `least`. */
function firstAtLeast(values: Float64Array, least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
