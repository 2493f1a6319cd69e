import { parseInteger, parseList, parseTime } from '../cells.ts';
import type { School, Trip } from '../plan.ts';
import type { ServiceCalendar } from '../service-calendar.ts';
import type { Amendments, Dispatch, SchoolDay } from './amendments.ts';
import { MOST_MOVED_MIN } from './dispatch.ts';

/** Who and what drives a run. */
export interface Bound {
  readonly vehicleId: string | null;
  readonly driverId: string | null;
  readonly escortId: string | null;
}

/** How the runs of single dates differ from the timetable: school days and dispatch. */
export interface DayChanges {
  touches(serviceDate: string): boolean;
  of(serviceDate: string): DayChange;
  /** Vehicles that dispatch brings in. */
  readonly vehicles: ReadonlySet<string>;
  /** No run begins so much earlier or later than planned. */
  readonly mostMovedS: number;
}

export interface DayChange {
  /** Says which services run for the trip that day. */
  services(trip: Trip): (serviceId: string) => boolean;
  /** Seconds that the trip is moved by its schools' early end; `running` is what runs that day. */
  schoolMoves(running: readonly Trip[]): (trip: Trip) => number;
  /** What dispatch makes of a run; null where it does not run. */
  dispatched(
    trip: Trip,
    bound: readonly Bound[],
  ): { readonly movedS: number | null; readonly bound: readonly Bound[] } | null;
}

/** Null where nothing changes any day. */
export function dayChanges(
  { schoolDays, dispatch }: Pick<Amendments, 'schoolDays' | 'dispatch'>,
  schools: ReadonlyMap<string, School>,
  calendar: ServiceCalendar,
): DayChanges | null {
  if (schoolDays.length === 0 && dispatch.length === 0) return null;
  const daysOfDate = groupedBy(schoolDays, (day) => day.date);
  const dispatchOfDate = groupedBy(dispatch, (row) => row.serviceDate);
  const vehicles = new Set<string>();
  for (const { action, value } of dispatch) {
    if (action === 'vehicle') vehicles.add(value);
    if (action === 'split') vehicles.add(parseList(value)[0] ?? '');
  }
  return {
    touches: (date) => daysOfDate.has(date) || dispatchOfDate.has(date),
    of: (date) =>
      dayChange(date, daysOfDate.get(date) ?? [], dispatchOfDate.get(date) ?? [], schools, calendar),
    vehicles,
    mostMovedS: schoolDays.some((day) => day.kind === 'early_dismissal') ? DAY_S : MOST_MOVED_MIN * 60,
  };
}

const DAY_S = 86_400;
const NOON_S = DAY_S / 2;

function dayChange(
  date: string,
  days: readonly SchoolDay[],
  dispatch: readonly Dispatch[],
  schools: ReadonlyMap<string, School>,
  calendar: ServiceCalendar,
): DayChange {
  const rowsOfTrip = groupedBy(dispatch, (row) => row.tripId);
  /** The school's day by its own row, its district's, or everybody's. */
  const dayOf = (school: string | null, kinds: (day: SchoolDay) => boolean): SchoolDay | null => {
    const district = school === null ? null : (schools.get(school)?.district ?? null);
    const fits = days.filter(kinds);
    return (
      fits.findLast((day) => school !== null && day.schoolId === school) ??
      fits.findLast((day) => district !== null && day.district === district) ??
      fits.findLast((day) => day.schoolId === null && day.district === null) ??
      null
    );
  };
  const onAsUsual = (serviceId: string) => calendar.runs(serviceId, date);
  const isEarly = (day: SchoolDay) => day.kind === 'early_dismissal';
  const servicesOf = (school: string | null): ((serviceId: string) => boolean) => {
    const day = dayOf(school, (one) => !isEarly(one));
    if (day === null) return onAsUsual;
    if (day.kind === 'holiday') return () => false;
    return (serviceId) => calendar.runsAsWeekday(serviceId, date, day.weekday);
  };
  return {
    services(trip) {
      if (days.length === 0) return onAsUsual;
      const [first, ...others] =
        trip.schoolIds.length > 0 ? trip.schoolIds.map(servicesOf) : [servicesOf(null)];
      if (others.length === 0) return first!;
      // A trip of several schools runs as long as one of them is on.
      return (serviceId) => first!(serviceId) || others.some((on) => on(serviceId));
    },
    schoolMoves(running) {
      if (!days.some(isEarly)) return () => 0;
      // The first bus home leaves when school ends; those after it keep their distance.
      const firstHome = new Map<string, number>();
      for (const trip of running) {
        if (trip.startS < NOON_S) continue;
        for (const school of trip.schoolIds)
          firstHome.set(school, Math.min(firstHome.get(school) ?? Number.POSITIVE_INFINITY, trip.startS));
      }
      return (trip) => {
        if (trip.startS < NOON_S || trip.schoolIds.length === 0) return 0;
        const moves = trip.schoolIds.map((school) => {
          const day = dayOf(school, isEarly);
          return day === null ? 0 : Math.min(day.atS - firstHome.get(school)!, 0);
        });
        // Of several schools the last to end is waited for.
        return Math.max(...moves);
      };
    },
    dispatched: (trip, bound) => applied(rowsOfTrip.get(trip.id) ?? [], trip, bound),
  };
}

const NOBODY: Bound = { vehicleId: null, driverId: null, escortId: null };

function applied(
  rows: readonly Dispatch[],
  trip: Trip,
  bound: readonly Bound[],
): ReturnType<DayChange['dispatched']> {
  let movedS: number | null = null;
  let [first, ...others] = bound;
  for (const { action, value } of rows) {
    switch (action) {
      case 'cancel':
      case 'merge':
        return null;
      case 'vehicle':
        first = { ...(first ?? NOBODY), vehicleId: value };
        break;
      case 'driver':
        first = { ...(first ?? NOBODY), driverId: value || null };
        break;
      case 'escort':
        first = { ...(first ?? NOBODY), escortId: value || null };
        break;
      case 'split': {
        const [vehicleId, driverId = null, escortId = null] = parseList(value);
        others = [...others, { vehicleId: vehicleId ?? null, driverId, escortId }];
        break;
      }
      case 'early': {
        const minutes = parseInteger(value);
        movedS = minutes === null ? parseTime(value)! - trip.startS : -60 * minutes;
        break;
      }
    }
  }
  return { movedS, bound: first ? [first, ...others] : others };
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
