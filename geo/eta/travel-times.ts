import type { HoldsByStop } from './holds.ts';
import type { EtaSettings } from './settings.ts';
import { addToSlot, type DayKind, nearness, type Slot, type SlotsByKey } from './slots.ts';
import { addToday, shareToday, type TodayByKey } from './today.ts';

/** The way from one stop to the next, on some route. */
export interface Stretch {
  /** `from stop>to stop`: routes that share it learn together. */
  readonly segment: string;
  readonly route: string;
  /** By the timetable, from arrival to arrival; 0 where there is none. */
  readonly plannedS: number;
  readonly lengthM: number;
}

/** One pass of a bus along a stretch. */
export interface Pass extends Stretch {
  readonly kind: DayKind;
  /** Seconds of the service day, and days since the epoch, when it left the first stop. */
  readonly serviceS: number;
  readonly day: number;
  /** When it came to the second, milliseconds since the epoch. */
  readonly time: number;
  readonly runS: number;
  /** At the first stop; null where it cannot be told from waiting for the run to begin. */
  readonly stayS: number | null;
}

export interface Expected {
  readonly runS: number;
  readonly stayS: number;
}

/**
 * Travel times learned from passes: means by stretch, kind of day and slot of the day, resting on the timetable's shape
 * at the route's pace where there are few; and what today's buses do against that. It grows with the stretches of the
 * plan, never with time. The same passes in the same order give the same times.
 */
export interface TravelTimes {
  readonly segments: SlotsByKey;
  /** By route, and for all: against the timetable. */
  readonly pace: SlotsByKey;
  readonly holds: HoldsByStop;
  readonly today: TodayByKey;
}

/** The pace of the whole network is kept beside that of each route. */
export const EVERYWHERE = '*';
/** Remembered of a pace, in planned seconds of driving. [D] */
const MOST_PACE_S = 144_000;

export const noTravelTimes = (): TravelTimes => ({
  segments: new Map(),
  pace: new Map(),
  holds: new Map(),
  today: new Map(),
});

/** What a stretch usually takes at a time of such a day. */
export function usual(
  times: TravelTimes,
  stretch: Stretch,
  kind: DayKind,
  serviceS: number,
  set: EtaSettings,
): Expected {
  const totalS = hasTimetable(stretch, set)
    ? stretch.plannedS * paceOf(times, stretch.route, kind, serviceS, set)
    : stretch.lengthM / set.usualMs;
  const restingStayS = Math.min(set.stayS, totalS / 3);
  let weight = set.timetablePasses;
  let runS = (totalS - restingStayS) * weight;
  let stayS = restingStayS * weight;
  for (const one of times.segments.get(stretch.segment) ?? NONE) {
    const share = nearness(one, kind, serviceS, set) * one.weight;
    weight += share;
    runS += one.runS * share;
    stayS += one.stayS * share;
  }
  return { runS: runS / weight, stayS: stayS / weight };
}

const NONE: readonly Slot[] = [];

/** A timetable that has a bus fly is no timetable. */
const hasTimetable = ({ plannedS, lengthM }: Stretch, set: EtaSettings): boolean =>
  plannedS > 0 && lengthM <= plannedS * set.fastestMs;

function paceOf(
  times: TravelTimes,
  route: string,
  kind: DayKind,
  serviceS: number,
  set: EtaSettings,
): number {
  let pace = 1;
  for (const key of [EVERYWHERE, route]) {
    let weight = set.timetablePaceS;
    let sum = pace * weight;
    for (const one of times.pace.get(key) ?? NONE) {
      const share = nearness(one, kind, serviceS, set) * one.weight;
      weight += share;
      sum += one.runS * share;
    }
    pace = sum / weight;
  }
  return pace;
}

/** Today against the usual: the route's, and beyond that the stretch's own. */
export function todayShare(times: TravelTimes, stretch: Stretch, time: number, set: EtaSettings): number {
  return (
    shareToday(times.today, stretch.route, time, set.todayRouteS, set) *
    shareToday(times.today, stretch.segment, time, set.todaySegmentS, set)
  );
}

/** What one pass adds, as it is kept: additive, so that what several processes learned can be summed. */
export interface LearnedPass {
  readonly segment: Slot & { readonly key: string };
  readonly paces: readonly (Slot & { readonly key: string })[];
}

/** Adds one pass, and says what it added. */
export function learnPass(times: TravelTimes, pass: Pass, set: EtaSettings): LearnedPass {
  const { kind, day, time, segment: key, route } = pass;
  const expected = usual(times, pass, kind, pass.serviceS, set);
  const sure = times.segments.get(key)?.some((one) => one.weight > 2) === true;
  // A bus that broke down says nothing of the next.
  const [least, most] = sure ? [set.leastShare, set.mostShare] : [0, 2 * set.mostShare];
  const runS = Math.min(Math.max(pass.runS, expected.runS * least), expected.runS * most + 30);
  const stayS = pass.stayS === null ? expected.stayS : Math.min(pass.stayS, expected.stayS * 3 + 60);

  const routeToday = shareToday(times.today, route, time, set.todayRouteS, set);
  addToday(times.today, route, time, runS, expected.runS, set);
  addToday(times.today, key, time, runS, expected.runS * routeToday, set);

  const slot = Math.floor(pass.serviceS / set.slotS);
  const segment = { key, kind, slot, weight: 1, runS, stayS, day };
  addSegment(times, segment, set);
  if (!hasTimetable(pass, set)) return { segment, paces: [] };
  const ratio = (runS + stayS) / pass.plannedS;
  const paces = [EVERYWHERE, route].map((of) => {
    const pace = { key: of, kind, slot, weight: pass.plannedS, runS: ratio, stayS: 0, day };
    addPace(times, pace, set);
    return pace;
  });
  return { segment, paces };
}

export const addSegment = (
  times: TravelTimes,
  one: Slot & { readonly key: string },
  set: EtaSettings,
): void => addToSlot(times.segments, one.key, slotOf(one), set.mostPasses, set);

export const addPace = (times: TravelTimes, one: Slot & { readonly key: string }, set: EtaSettings): void =>
  addToSlot(times.pace, one.key, slotOf(one), MOST_PACE_S, set);

const slotOf = ({ kind, slot, weight, runS, stayS, day }: Slot): Slot => ({
  kind,
  slot,
  weight,
  runS,
  stayS,
  day,
});
