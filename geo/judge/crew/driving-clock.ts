/**
 * How long one person has driven (RULES R20): from the first movement until a rest. Stops that are too short to be a
 * rest count as driving. What nobody saw is no rest by itself, and not driving either. Plain JSON; it changes only
 * where the bus starts and stops, so most reports cost nothing.
 */
export interface DrivingClock {
  /** As the crew's state or the roster names the driver; null where nobody does. */
  readonly driver: string | null;
  /** They identified themselves: by a card, by signing on. */
  readonly sure: boolean;
  /** Driving since; 0 while rested. Time in which nothing was seen and little was driven is moved out of the way. */
  readonly since: number;
  /** Standing since; 0 while moving. */
  readonly stoppedAt: number;
  /** The ignition was off at the newest fix. */
  readonly accOff: boolean;
  /** What they drove within the last day, here and elsewhere, before the present stretch: driver, from and to in minutes since the epoch. */
  readonly past: readonly (readonly [driver: string, fromMin: number, toMin: number])[];
}

export interface DrivingLimits {
  /** Standing for so long is a rest. [L4-62(7)]: 20 min. */
  readonly restS: number;
  /** A gap in the reports is a rest only if the bus moved less than this with the ignition off. RULES R20. */
  readonly gapMovedM: number;
  /** Within a gap it drove at this pace, which is a bus in a town. [D] */
  readonly gapPaceKmh: number;
  /** Of what lies before a gap of so long nothing is held against anybody. [D] */
  readonly forgetS: number;
  readonly movingKmh: number;
}

export const DRIVING_LIMITS: DrivingLimits = {
  restS: 1_200,
  gapMovedM: 200,
  gapPaceKmh: 30,
  forgetS: 7_200,
  movingKmh: 5,
};

/** What one report says of driving. */
export interface DrivingMoment {
  readonly time: number;
  /** Seconds and metres since the fix before. */
  readonly passedS: number;
  readonly movedM: number;
  readonly moving: boolean;
  readonly accOff: boolean;
}

export const NOT_DRIVING: DrivingClock = {
  driver: null,
  sure: false,
  since: 0,
  stoppedAt: 0,
  accOff: false,
  past: [],
};

const MOST_PAST = 8;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** One report further; the very same clock where nothing changed. */
export function advanceDriving(
  clock: DrivingClock,
  at: DrivingMoment,
  driver: string | null,
  sure: boolean,
  limits: DrivingLimits,
): DrivingClock {
  let now = clock;
  if (driver !== now.driver || sure !== now.sure) now = withDriver(now, driver, sure, at.time);
  if (at.passedS >= limits.restS && now.since > 0) now = afterGap(now, at, limits);
  if (at.moving) {
    if (now.since === 0) now = { ...now, since: at.time, stoppedAt: 0 };
    else if (now.stoppedAt > 0) {
      const rested = at.time - now.stoppedAt >= limits.restS * 1000;
      now = rested ? { ...ended(now, at.time), since: at.time } : { ...now, stoppedAt: 0 };
    }
  } else if (now.since > 0) {
    if (now.stoppedAt === 0) now = { ...now, stoppedAt: at.time };
    else if (at.time - now.stoppedAt >= limits.restS * 1000) now = ended(now, at.time);
  }
  return at.accOff === now.accOff ? now : { ...now, accOff: at.accOff };
}

/** Another driver begins rested, for all that is known; the one before has driven until now. */
export function withDriver(
  clock: DrivingClock,
  driver: string | null,
  sure: boolean,
  time: number,
): DrivingClock {
  if (driver === clock.driver) return { ...clock, sure };
  return { ...ended(clock, time), driver, sure };
}

function afterGap(clock: DrivingClock, at: DrivingMoment, limits: DrivingLimits): DrivingClock {
  const gapMs = at.passedS * 1000;
  const before = at.time - gapMs;
  const stayed = at.movedM < limits.gapMovedM;
  if ((stayed && clock.accOff) || at.passedS >= limits.forgetS) {
    return ended(clock.stoppedAt > 0 ? clock : { ...clock, stoppedAt: before }, at.time);
  }
  // Neither driving nor rest, but for the way that was made: the stretch begins later by what is left out.
  const drivenMs = stayed ? 0 : Math.min(gapMs, (at.movedM / limits.gapPaceKmh) * 3_600);
  const leftOut = gapMs - drivenMs;
  const { since, stoppedAt } = clock;
  return { ...clock, since: since + leftOut, stoppedAt: stoppedAt === 0 ? 0 : stoppedAt + gapMs };
}

/** The stretch is over: it was driven until the bus came to stand. */
function ended(clock: DrivingClock, time: number): DrivingClock {
  const { driver, since, stoppedAt } = clock;
  const from = minutes(since);
  const to = minutes(stoppedAt || time);
  const recent = clock.past.filter((span) => span[2] >= minutes(time - DAY_MS));
  const own = driver !== null && since > 0 && to > from;
  const past = own ? [...recent.slice(1 - MOST_PAST), [driver, from, to] as const] : recent;
  return { ...clock, since: 0, stoppedAt: 0, past };
}

/** What the driver drove on other vehicles, as somebody looked it up: a stretch that has hardly ended goes on here. */
export function withHours(
  clock: DrivingClock,
  driver: string,
  spans: readonly (readonly [number, number])[],
  time: number,
  limits: DrivingLimits,
): DrivingClock {
  if (driver !== clock.driver) return clock;
  const newest = spans.at(-1);
  const goesOn = newest !== undefined && time - newest[1] < limits.restS * 1000;
  const over = goesOn ? spans.slice(0, -1) : spans;
  const own = clock.past.filter((span) => span[0] === driver);
  const others = clock.past.filter((span) => span[0] !== driver);
  const known = (from: number) => own.some((span) => span[1] === minutes(from));
  const added = over
    .filter(([from]) => !known(from))
    .map(([from, to]) => [driver, minutes(from), minutes(to)] as const);
  const past = [...others, ...own, ...added].sort((a, b) => a[1] - b[1]).slice(-MOST_PAST);
  const since = goesOn ? (clock.since === 0 ? newest[0] : Math.min(clock.since, newest[0])) : clock.since;
  const stoppedAt = goesOn && clock.since === 0 ? newest[1] : clock.stoppedAt;
  return { ...clock, past, since, stoppedAt };
}

/** Until when the present stretch was driven: a stop that goes on may yet be a rest. */
export const drivenUntil = (clock: DrivingClock, time: number): number => clock.stoppedAt || time;

/** Milliseconds driven within the last 24 hours, the present stretch included. */
export function drivenLastDay(clock: DrivingClock, time: number): number {
  const from = time - DAY_MS;
  let sum = clock.since === 0 ? 0 : drivenUntil(clock, time) - Math.max(clock.since, from);
  for (const [driver, begin, end] of clock.past) {
    if (driver === clock.driver) sum += Math.max(0, end * MINUTE_MS - Math.max(begin * MINUTE_MS, from));
  }
  return sum;
}

/** What the driver drove here within the last day, for the judge of another vehicle. */
export function spansOf(clock: DrivingClock, driver: string, time: number): [number, number][] {
  const spans = clock.past
    .filter((span) => span[0] === driver)
    .map(([, begin, end]): [number, number] => [begin * MINUTE_MS, end * MINUTE_MS]);
  if (clock.driver === driver && clock.since > 0) spans.push([clock.since, drivenUntil(clock, time)]);
  return spans.filter(([, to]) => to > time - DAY_MS);
}

const minutes = (ms: number): number => Math.round(ms / MINUTE_MS);
