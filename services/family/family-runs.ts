import { riderRecord } from '../../geo/boardings/rider-record.ts';
import type { Run } from '../../geo/plan/plan.ts';
import type { FamilyRunsView, FamilyRunView } from '../api/contract.ts';
import { AFTER_STOP_MS, BEFORE_RUN_MS } from '../api/policy/family-reach.ts';
import { isSchoolStop, NEAR_S, type PlanFacts } from '../api/policy/plan-facts.ts';
import { vehicleAccess } from '../api/policy/policy.ts';
import type { Rider } from '../api/policy/riders.ts';
import { isoTime } from '../api/time.ts';
import { leadsToSchool, rosterOf } from '../boardings/roster-of.ts';
import type { NewestPosition } from '../live/newest-positions.ts';
import type { BoardingStore } from '../store/boarding-store.ts';
import type { User } from '../store/store.ts';
import { type ExpectedArrival, isPast } from './expected-arrival.ts';

export interface FamilyWorld {
  readonly boardings: BoardingStore;
  readonly newest: (vehicle: string) => NewestPosition | undefined;
  readonly arrival: ExpectedArrival;
}

/** The runs of the user's children on the day that holds `time`, as one family may see them at `now`. */
export async function familyRuns(
  world: FamilyWorld,
  user: User,
  facts: PlanFacts,
  time: number,
  now: number,
): Promise<FamilyRunsView> {
  const day = facts.dayAt(time);
  const said = await world.boardings.ofRiders(user.riderIds, [day.date]);
  const children = user.riderIds.flatMap((id) => {
    const rows = facts.ridersById.get(id) ?? [];
    const first = rows[0];
    if (!first) return [];
    const runs = rows.flatMap((row) => {
      const events = said
        .filter(({ trip, event }) => trip === row.tripId && 'rider' in event && event.rider === id)
        .map(({ event }) => event);
      const run = (day.runsByTrip.get(row.tripId) ?? []).find((one) => one.serviceDate === day.date);
      const view = run
        ? runOf(world, user, facts, row, run, events, now)
        : cancelledRun(facts, row, day.date, day.from);
      return view ?? [];
    });
    runs.sort((a, b) => (a.stop.planned < b.stop.planned ? -1 : 1));
    const school = facts.plan.schools.get(first.schoolId)?.name ?? null;
    return [{ rider: id, name: first.name, school, runs }];
  });
  return { at: isoTime(now), children };
}

type Events = Parameters<typeof riderRecord>[1];

function runOf(
  world: FamilyWorld,
  user: User,
  facts: PlanFacts,
  row: Rider,
  run: Run,
  events: Events,
  now: number,
): FamilyRunView | null {
  const { plan } = facts;
  const ends = endsOf(facts, run, row);
  if (!ends) return null;
  const newest = run.vehicleId === null ? undefined : world.newest(run.vehicleId);
  const progress = newest?.progress ?? null;
  const onRun = progress?.trip === run.trip.id && progress.serviceDate === run.serviceDate;
  const delayS = onRun ? (progress.delayS ?? null) : null;
  const moved = Math.min(Math.max(delayS ?? 0, 0), NEAR_S) * 1000;
  const from = run.start - BEFORE_RUN_MS;
  const until = ends.due + moved + AFTER_STOP_MS;
  // The policy decides, here as everywhere; the times above only say what it will decide.
  const seen = run.vehicleId !== null && vehicleAccess(user, facts, run.vehicleId, now, progress);
  const on = seen && (seen.trips === 'all' || seen.trips.has(run.trip.id));
  const report = on && newest?.report.positioned ? newest.report : null;
  const record = riderRecord(row.id, events, rosterOf(plan, keyOf(run)).get(row.id) ?? null);
  const arrival = on ? world.arrival(run, row.stopId, newest, now) : null;
  const dispatched = plan.amendments.dispatch.some(
    (one) =>
      one.serviceDate === run.serviceDate &&
      one.tripId === run.trip.id &&
      (one.action === 'vehicle' || one.action === 'split'),
  );
  return {
    trip: run.trip.id,
    serviceDate: run.serviceDate,
    toSchool: leadsToSchool(plan, run.trip),
    phase: on ? 'on' : now < from ? 'soon' : 'over',
    shownFrom: isoTime(from),
    shownUntil: isoTime(until),
    stop: ends.stop,
    school: ends.school,
    plate: plan.vehicles.get(run.vehicleId ?? '')?.plate ?? null,
    substitute: dispatched,
    position: report && {
      lat: report.lat,
      lon: report.lon,
      time: isoTime(report.time),
      directionDeg: report.directionDeg,
    },
    vehicle: on ? run.vehicleId : null,
    arrival: arrival && { from: isoTime(arrival.from), to: isoTime(arrival.to), basis: arrival.basis },
    delayS: on ? delayS : null,
    passed: isPast(run, row.stopId, newest),
    state: record.state,
    boardedAt: record.boarded && isoTime(record.boarded.at),
    alightedAt: record.alighted && isoTime(record.alighted.at),
    warnings: [...record.warnings],
    absence: record.absent && { id: record.absent.id, mine: record.absent.source === 'guardian' },
    mayExcuse: record.state === 'expected' && now < ends.due + moved,
  };
}

/** Known to be off by today's dispatch; a day without school has no run at all. */
function cancelledRun(facts: PlanFacts, row: Rider, date: string, midnight: number): FamilyRunView | null {
  const { plan } = facts;
  const trip = plan.trips.get(row.tripId);
  const off = plan.amendments.dispatch.some(
    (one) => one.serviceDate === date && one.tripId === row.tripId && one.action === 'cancel',
  );
  if (!trip || !off) return null;
  const start = midnight + trip.startS * 1000;
  const run: Run = {
    trip,
    serviceDate: date,
    start,
    end: midnight + trip.endS * 1000,
    vehicleId: null,
    driverId: null,
    escortId: null,
  };
  const ends = endsOf(facts, run, row);
  if (!ends) return null;
  return {
    trip: trip.id,
    serviceDate: date,
    toSchool: leadsToSchool(plan, trip),
    phase: 'cancelled',
    shownFrom: isoTime(start - BEFORE_RUN_MS),
    shownUntil: isoTime(ends.due + AFTER_STOP_MS),
    stop: ends.stop,
    school: ends.school,
    plate: null,
    substitute: false,
    position: null,
    vehicle: null,
    arrival: null,
    delayS: null,
    passed: false,
    state: 'expected',
    boardedAt: null,
    alightedAt: null,
    warnings: [],
    absence: null,
    mayExcuse: false,
  };
}

/** The child's own stop and the school, the only two that a family is shown. */
function endsOf(
  facts: PlanFacts,
  run: Run,
  row: Rider,
): { due: number; stop: FamilyRunView['stop']; school: FamilyRunView['school'] } | null {
  const { plan } = facts;
  const { trip } = run;
  const own = trip.stopTimes.findLast(({ stopId }) => stopId === row.stopId);
  if (!own) return null;
  const at = (seconds: number) => run.start + (seconds - trip.startS) * 1000;
  const place = ({ stopId, arrivalS }: typeof own) => {
    const stop = plan.stops.get(stopId);
    return {
      id: stopId,
      name: stop?.name ?? stopId,
      lat: stop?.lat ?? 0,
      lon: stop?.lon ?? 0,
      planned: isoTime(at(arrivalS)),
    };
  };
  const schools = trip.stopTimes.filter(({ stopId }) => isSchoolStop(plan, stopId));
  const ofChild = schools.find(({ stopId }) => {
    const parent = plan.stops.get(stopId)?.parent;
    return stopId === row.schoolId || parent === row.schoolId;
  });
  const school = ofChild ?? schools[0];
  return { due: at(own.departureS), stop: place(own), school: school ? place(school) : null };
}

const keyOf = (run: Run) => ({ trip: run.trip.id, serviceDate: run.serviceDate });
