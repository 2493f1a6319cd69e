import { type Calibration, learnError, learnErrorStep, noCalibration } from './calibration.ts';
import { addHold } from './holds.ts';
import type { EtaSettings } from './settings.ts';
import type { DayKind } from './slots.ts';
import {
  addPace,
  addSegment,
  learnPass,
  noTravelTimes,
  type Pass,
  type TravelTimes,
} from './travel-times.ts';

/** All that is learned from the runs past. */
export interface Learned {
  readonly times: TravelTimes;
  readonly calibration: Calibration;
  /** What was added since it was last taken, to be kept; by part, key, kind, slot and week. Null: nobody keeps it. */
  readonly added: Map<string, LearnedRow> | null;
}

/**
 * Sums of one week, as they are kept between starts of the service. All are additive: rows of the same key from
 * several processes are summed. `segment` and `pace`: weight, driving and standing seconds times weight; `hold`: early
 * arrivals, waited share; `error`: the span ahead as `key`, the step as `slot`, how many.
 */
export interface LearnedRow {
  readonly part: 'segment' | 'pace' | 'hold' | 'error';
  readonly key: string;
  readonly kind: DayKind;
  readonly slot: number;
  /** Days since the epoch of its first day, a Thursday as the epoch was. */
  readonly week: number;
  readonly weight: number;
  readonly run: number;
  readonly stay: number;
}

const WEEK_DAYS = 7;

export const nothingLearned = (keep = false): Learned => ({
  times: noTravelTimes(),
  calibration: noCalibration(),
  added: keep ? new Map() : null,
});

/** What is kept, read back; rows in order of `week`. */
export function learnedFrom(rows: Iterable<LearnedRow>, set: EtaSettings, keep = false): Learned {
  const learned = nothingLearned(keep);
  const { times } = learned;
  for (const { part, key, kind, slot, week, weight, run, stay } of rows) {
    if (weight <= 0) continue;
    if (part === 'error') learnErrorStep(learned.calibration, Number(key), slot, weight);
    else if (part === 'hold') addHold(times.holds, key, weight, run);
    else {
      const mean = { key, kind, slot, weight, runS: run / weight, stayS: stay / weight, day: week + 3 };
      if (part === 'segment') addSegment(times, mean, set);
      else addPace(times, mean, set);
    }
  }
  return learned;
}

export function learnPassBy(learned: Learned, pass: Pass, set: EtaSettings): void {
  const { segment, paces } = learnPass(learned.times, pass, set);
  if (learned.added === null) return;
  const { kind, slot, day } = segment;
  note(learned, 'segment', segment.key, kind, slot, day, 1, segment.runS, segment.stayS);
  for (const { key, weight, runS } of paces)
    note(learned, 'pace', key, kind, slot, day, weight, runS * weight, 0);
}

export function learnHold(learned: Learned, key: string, held: number, day: number): void {
  addHold(learned.times.holds, key, 1, held);
  note(learned, 'hold', key, 0, 0, day, 1, held, 0);
}

/** `errorS` is actual minus expected, of what was expected `aheadS` before. */
export function learnErrorOf(learned: Learned, aheadS: number, errorS: number, day: number): void {
  const { span, step } = learnError(learned.calibration, aheadS, errorS);
  note(learned, 'error', String(span), 0, step, day, 1, 0, 0);
}

function note(
  { added }: Learned,
  part: LearnedRow['part'],
  key: string,
  kind: DayKind,
  slot: number,
  day: number,
  weight: number,
  run: number,
  stay: number,
): void {
  if (added === null) return;
  const week = day - (((day % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS);
  const id = `${part} ${kind} ${slot} ${week} ${key}`;
  const was = added.get(id);
  added.set(id, {
    part,
    key,
    kind,
    slot,
    week,
    weight: (was?.weight ?? 0) + weight,
    run: (was?.run ?? 0) + run,
    stay: (was?.stay ?? 0) + stay,
  });
}

/** Takes what was added since the last time. */
export function takeAdded({ added }: Learned): LearnedRow[] {
  if (added === null) return [];
  const rows = [...added.values()];
  added.clear();
  return rows;
}

/** Gives back what could not be kept. */
export function giveBack(learned: Learned, rows: readonly LearnedRow[]): void {
  for (const { part, key, kind, slot, week, weight, run, stay } of rows)
    note(learned, part, key, kind, slot, week, weight, run, stay);
}
