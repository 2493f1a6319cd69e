import { distanceM } from '../geometry/distance.ts';
import type { SchoolGates } from './school-gates.ts';

/** Numbers of the pattern: short stops near homes, then a school's gate; or the gate first and the stops after it. */
export interface SchoolPatternTable {
  /** Slower than this it stands. [D] */
  readonly standKmh: number;
  readonly standWithinM: number;
  /** So long does a stop take where pupils get on or off. RULES R13 f. */
  readonly stopFromS: number;
  readonly stopToS: number;
  /** So many of them make a run. RULES R13 f. */
  readonly stops: number;
  /** Nearer together than this they are one, at a light or in a queue. [D] */
  readonly stopsApartM: number;
  /** The run takes no longer than this. RULES (REGULATIONS: one way within 90 minutes is long). [D] */
  readonly runS: number;
  /** Longer at the gate than this when fetching: it waits for pupils. [D] */
  readonly waitS: number;
  /** Coming to gates or standing more often in a day than this is a line bus, a taxi or a courier. [D] */
  readonly mostGates: number;
  readonly mostStands: number;
  /** A stand whose end no report saw within this long ended when it was last seen. [D] */
  readonly unseenS: number;
}

export const SCHOOL_PATTERN: SchoolPatternTable = {
  standKmh: 5,
  standWithinM: 50,
  stopFromS: 20,
  stopToS: 180,
  stops: 3,
  stopsApartM: 150,
  runS: 5_400,
  waitS: 60,
  mostGates: 4,
  mostStands: 40,
  unseenS: 300,
};

/** A place where it stood: degrees, since when and until when, milliseconds since the epoch. */
export interface Stand {
  readonly lat: number;
  readonly lon: number;
  readonly since: number;
  readonly last: number;
}

/** A run with pupils, as it seems. */
export interface SeenRun {
  readonly date: string;
  readonly school: string;
  readonly way: 'to' | 'from';
  readonly gateAt: number;
  /** [lat, lon] of its stops. */
  readonly places: readonly (readonly [number, number])[];
}

/** What one vehicle did on one day, as far as it matters here. Plain JSON. */
export interface PatternDay {
  readonly date: string;
  readonly standing: Stand | null;
  /** The newest stops, oldest first, apart from each other. */
  readonly stops: readonly Stand[];
  readonly stands: number;
  readonly gates: number;
  /** Since it left a gate where it had waited for pupils. */
  readonly fetched: { readonly school: string; readonly at: number } | null;
  readonly seen: SeenRun | null;
}

/** More than these are no stops of one run, and fewer tell its places. */
const MOST_STOPS = 12;
const MOST_PLACES = 6;

export const newDay = (date: string): PatternDay => ({
  date,
  standing: null,
  stops: [],
  stands: 0,
  gates: 0,
  fetched: null,
  seen: null,
});

export interface PatternFix {
  readonly time: number;
  readonly lat: number;
  readonly lon: number;
  readonly speedKmh: number;
}

/** One more fix of the day. */
export function followPattern(
  day: PatternDay,
  fix: PatternFix,
  gates: SchoolGates,
  set: SchoolPatternTable,
): PatternDay {
  const { standing } = day;
  const slow = fix.speedKmh < set.standKmh;
  if (standing === null) return slow ? { ...day, standing: standAt(fix) } : day;
  if (slow && distanceM([standing.lon, standing.lat], [fix.lon, fix.lat]) <= set.standWithinM) {
    return { ...day, standing: { ...standing, last: fix.time } };
  }
  const until = fix.time - standing.last > set.unseenS * 1000 ? standing.last : fix.time;
  const over = stoodThere({ ...day, standing: null }, { ...standing, last: until }, gates, set);
  return slow ? { ...over, standing: standAt(fix) } : over;
}

/** The day's run with pupils, or null where there was none or the day was that of another trade. */
export function runOfDay(day: PatternDay, set: SchoolPatternTable): SeenRun | null {
  return day.gates <= set.mostGates && day.stands <= set.mostStands ? day.seen : null;
}

/** How many places of a run were stops on at least `days` of the other runs too. */
export function samePlaces(run: SeenRun, others: readonly SeenRun[], days: number, withinM: number): number {
  return run.places.filter(
    ([lat, lon]) =>
      others.filter((other) =>
        other.places.some((there) => distanceM([there[1], there[0]], [lon, lat]) <= withinM),
      ).length >= days,
  ).length;
}

const standAt = (fix: PatternFix): Stand => ({
  lat: fix.lat,
  lon: fix.lon,
  since: fix.time,
  last: fix.time,
});

function stoodThere(day: PatternDay, stand: Stand, gates: SchoolGates, set: SchoolPatternTable): PatternDay {
  const lengthS = (stand.last - stand.since) / 1000;
  const school = gates.at(stand.lat, stand.lon);
  if (school !== null) return cameToGate(day, stand, lengthS, school.id, gates, set);
  if (lengthS < set.stopFromS || lengthS > set.stopToS) return day;
  const apart = day.stops.every(
    (other) => distanceM([other.lon, other.lat], [stand.lon, stand.lat]) >= set.stopsApartM,
  );
  const stops = apart ? [...day.stops.slice(1 - MOST_STOPS), stand] : day.stops;
  const stood: PatternDay = { ...day, stops, stands: day.stands + 1 };
  const { fetched } = day;
  if (fetched === null || day.seen?.way === 'to') return stood;
  const after = stops.filter((stop) => stop.since > fetched.at && stop.since - fetched.at <= set.runS * 1000);
  if (after.length < set.stops) return stood;
  return { ...stood, seen: seenRun(day.date, fetched.school, 'from', fetched.at, after) };
}

function cameToGate(
  day: PatternDay,
  stand: Stand,
  lengthS: number,
  schoolId: string,
  gates: SchoolGates,
  set: SchoolPatternTable,
): PatternDay {
  const came: PatternDay = { ...day, gates: day.gates + 1 };
  const school = gates.at(stand.lat, stand.lon);
  if (school === null || !gates.isSchoolDay(school, day.date)) return came;
  const { bringing, fetching } = gates.hours(school);
  const clockS = gates.clock.localTime(stand.since).secondsOfDay;
  if (clockS >= bringing[0] && clockS <= bringing[1] && day.seen === null) {
    const before = day.stops.filter((stop) => stand.since - stop.since <= set.runS * 1000);
    if (before.length >= set.stops) {
      return { ...came, stops: [], seen: seenRun(day.date, schoolId, 'to', stand.since, before) };
    }
  }
  const leftS = gates.clock.localTime(stand.last).secondsOfDay;
  if (leftS >= fetching[0] && leftS <= fetching[1] && lengthS >= set.waitS) {
    return { ...came, stops: [], fetched: { school: schoolId, at: stand.last } };
  }
  return came;
}

function seenRun(
  date: string,
  school: string,
  way: SeenRun['way'],
  gateAt: number,
  stops: readonly Stand[],
): SeenRun {
  const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;
  return {
    date,
    school,
    way,
    gateAt,
    places: stops.slice(-MOST_PLACES).map(({ lat, lon }) => [round(lat), round(lon)] as const),
  };
}
