import type { PlanFacts } from '../api/policy/plan-facts.ts';
import { localDay } from '../api/time.ts';
import type { NoticePayload } from '../store/notice-store.ts';
import type { BoardingCause, FindingCause, RunCause } from './causes.ts';
import { KIND_RULES, type NoticeKind } from './notice-kinds.ts';
import { isFromSchool, ridersOfRun, schoolOfStop } from './riders-of-run.ts';
import type { NotifySettings } from './settings.ts';

/** Something that the family of one child may have to be told of, whoever they are. */
export interface Concern {
  readonly kind: NoticeKind;
  readonly rider: string;
  readonly trip: string;
  /** `YYYYMMDD` */
  readonly date: string;
  /** With child and person it makes the key: the same of one run is told once. */
  readonly once: string;
  readonly payload: NoticePayload;
  readonly expiresAt: number;
  /** Of settings that ask for it. */
  wanted(settings: NotifySettings): boolean;
}

const MINUTE_MS = 60_000;
/** Closer than this a bus is not announced any more: whoever is told so has no time to do anything. */
const TOO_NEAR_MS = 45_000;
/** A child that got on or off longer ago is not told of: a phone that found the network again tells of the past. */
const OLDEST_BOARDING_MS = 60 * MINUTE_MS;

/** Of children that do not ride today nothing is said. */
export type Absentees = ReadonlySet<string>;

/** What a bus on its run means to whom. */
export function concernsOfRun(cause: RunCause, facts: PlanFacts, absent: Absentees): Concern[] {
  const { plan } = facts;
  const trip = plan.trips.get(cause.trip);
  if (!trip) return [];
  const riders = [...ridersOfRun(plan, cause.trip, cause.serviceDate)].filter(
    ([rider]) => !absent.has(rider),
  );
  const concerns: Concern[] = [];
  const at = (stop: number) => {
    const { stopId } = trip.stopTimes[stop] ?? {};
    return riders.filter(([, where]) => where === stopId).map(([rider]) => rider);
  };
  const base = { trip: cause.trip, date: cause.serviceDate };
  const about = (stop: number, more: NoticePayload): NoticePayload => ({
    ...base,
    vehicle: cause.vehicle,
    stop: trip.stopTimes[stop]?.stopId ?? null,
    at: cause.at,
    ...more,
  });

  for (const { stop, minutes, expected, earliest, latest } of cause.nearing) {
    const aheadMs = expected - cause.at;
    if (aheadMs < TOO_NEAR_MS) continue;
    for (const rider of at(stop)) {
      for (const threshold of minutes) {
        concerns.push({
          ...base,
          kind: 'minutes_before',
          rider,
          once: `m${threshold} ${trip.stopTimes[stop]!.sequence}`,
          payload: about(stop, { minutes: threshold, expected, earliest, latest }),
          // Told with half the time gone it is of little use, and what it says is not what was asked for.
          expiresAt: cause.at + Math.min(aheadMs / 2, KIND_RULES.minutes_before.validMs),
          wanted: (settings) => settings.minutesBefore === threshold,
        });
      }
    }
  }
  for (const [stop, stops, expected] of cause.stopsAway) {
    for (const rider of at(stop)) {
      const validMs = KIND_RULES.stops_before.validMs;
      const untilThere = expected === null ? validMs : Math.max(expected - cause.at, MINUTE_MS);
      concerns.push({
        ...base,
        kind: 'stops_before',
        rider,
        once: `s${stops} ${trip.stopTimes[stop]!.sequence}`,
        payload: about(stop, { stops, expected }),
        expiresAt: cause.at + Math.min(untilThere, validMs),
        wanted: (settings) => settings.stopsBefore === stops,
      });
    }
  }
  const fromSchool = isFromSchool(facts, cause.trip);
  for (const [stop, when] of cause.reached) {
    const { stopId, sequence } = trip.stopTimes[stop]!;
    const school = schoolOfStop(plan, stopId);
    const told = fromSchool
      ? at(stop).map((rider) => ({ rider, kind: 'at_stop' as const }))
      : school === null
        ? []
        : riders
            .filter(([rider]) => goesTo(facts, rider, cause.trip, school))
            .map(([rider]) => ({ rider, kind: 'arrived_school' as const }));
    for (const { rider, kind } of told) {
      concerns.push({
        ...base,
        kind,
        rider,
        once: `${kind} ${sequence}`,
        payload: about(stop, { when, school }),
        expiresAt: when + KIND_RULES[kind].validMs,
        wanted: (settings) => settings.notices.arrived,
      });
    }
  }
  return concerns;
}

/** A delay is of concern to those who still wait, and on the way to school to those aboard too. */
export function concernsOfDelay(
  cause: RunCause & { readonly delayS: number },
  nth: number,
  facts: PlanFacts,
  absent: Absentees,
): Concern[] {
  const trip = facts.plan.trips.get(cause.trip);
  if (!trip) return [];
  const ahead = new Set(trip.stopTimes.slice(cause.next).map(({ stopId }) => stopId));
  const fromSchool = isFromSchool(facts, cause.trip);
  return [...ridersOfRun(facts.plan, cause.trip, cause.serviceDate)].flatMap(([rider, stop]) => {
    if (absent.has(rider) || (fromSchool && !ahead.has(stop))) return [];
    return {
      kind: 'delayed' as const,
      rider,
      trip: cause.trip,
      date: cause.serviceDate,
      once: `delay ${nth}`,
      payload: {
        trip: cause.trip,
        date: cause.serviceDate,
        vehicle: cause.vehicle,
        stop,
        at: cause.at,
        delayMin: Math.max(0, Math.round(cause.delayS / 60)),
      },
      expiresAt: cause.at + KIND_RULES.delayed.validMs,
      wanted: (settings: NotifySettings) => settings.notices.delayed,
    };
  });
}

export function concernsOfBoarding(cause: BoardingCause, now: number): Concern[] {
  const { rider, trip, serviceDate: date, state, at, stop } = cause;
  if ((state !== 'boarded' && state !== 'alighted') || at === null || now - at > OLDEST_BOARDING_MS)
    return [];
  return [
    {
      kind: state,
      rider,
      trip,
      date,
      once: state,
      payload: { trip, date, stop, at, when: at },
      expiresAt: at + KIND_RULES[state].validMs,
      wanted: (settings) => settings.notices[state],
    },
  ];
}

/** A stop that the bus passed by is told to those who wait there. */
export function concernsOfFinding(cause: FindingCause, facts: PlanFacts, absent: Absentees): Concern[] {
  const { rule, trip, stop, start, vehicle, backfill } = cause;
  if (rule !== 'skipped_stop' || trip === null || stop === null || backfill) return [];
  const { date } = localDay(start, facts.plan.timeZone);
  return [...ridersOfRun(facts.plan, trip, date)].flatMap(([rider, where]) =>
    where !== stop || absent.has(rider)
      ? []
      : {
          kind: 'skipped_stop' as const,
          rider,
          trip,
          date,
          once: `skipped ${stop}`,
          payload: { trip, date, vehicle, stop, at: start },
          expiresAt: start + KIND_RULES.skipped_stop.validMs,
          wanted: (settings: NotifySettings) => settings.notices.skippedStop,
        },
  );
}

function goesTo(facts: PlanFacts, rider: string, trip: string, school: string): boolean {
  const rows = facts.ridersById.get(rider) ?? [];
  return rows.some((row) => (row.tripId === trip || rows.length === 1) && row.schoolId === school);
}
