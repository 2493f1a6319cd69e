import type { PlanBase } from '../../geo/plan/build-plan.ts';
import type { Plan, Run } from '../../geo/plan/plan.ts';
import type { PlanFacts } from '../api/policy/plan-facts.ts';
import type { NoticePayload, ToldRun } from '../store/notice-store.ts';
import type { Absentees, Concern } from './concerns.ts';
import { KIND_RULES, type NoticeKind } from './notice-kinds.ts';
import { ridersOfRun } from './riders-of-run.ts';

/** How a run of today differs from the timetable. */
export interface DayChange {
  readonly trip: string;
  readonly serviceDate: string;
  readonly start: number;
  readonly end: number;
  /** In one word, to be compared with what was told: `planned`, `cancelled`, `vehicles V2`, `at 1764…`. */
  readonly state: string;
  readonly kind: NoticeKind;
  readonly payload: NoticePayload;
}

export const TOLD_NOTHING: ToldRun = { delayS: null, delays: 0, dispatch: 'planned', dispatches: 0 };

/** Runs are told of from so long before they start: the evening before, and not a month. */
export const TOLD_AHEAD_MS = 16 * 3_600_000;
/** Moved by less a run is on time. [D] */
const MOVED_MS = 5 * 60_000;

/**
 * The runs with children on them that dispatch has changed and that are not over. `anyCause`: also those that run
 * otherwise for another reason (a snow day), as long as the change is of the moment.
 */
export function dayChanges(plan: Plan, base: PlanBase, now: number, anyCause: boolean): DayChange[] {
  const middle = now + TOLD_AHEAD_MS / 2;
  const marginS = TOLD_AHEAD_MS / 2000;
  const planned = base.runs.runsAt(middle, marginS);
  const present = byRun(plan.runsAt(middle, marginS));
  const dispatched = new Set(plan.amendments.dispatch.map((row) => `${row.tripId} ${row.serviceDate}`));
  const changes: DayChange[] = [];
  for (const [key, runs] of byRun(planned)) {
    const run = runs[0]!;
    if (run.end < now || ridersOfRun(plan, run.trip.id, run.serviceDate).size === 0) continue;
    if (!anyCause && !dispatched.has(key)) continue;
    changes.push(changeOf(plan, runs, present.get(key) ?? [], key));
  }
  return changes;
}

function changeOf(plan: Plan, was: readonly Run[], is: readonly Run[], key: string): DayChange {
  const { trip, serviceDate, start, end } = was[0]!;
  const base = { trip: trip.id, serviceDate, start, end };
  const about = { trip: trip.id, date: serviceDate, at: start };
  if (is.length === 0) {
    const merged = plan.amendments.dispatch.findLast(
      (row) => `${row.tripId} ${row.serviceDate}` === key && row.action === 'merge',
    );
    if (!merged) return { ...base, state: 'cancelled', kind: 'cancelled', payload: about };
    const [other] = plan
      .runsAt(start, 6 * 3_600)
      .filter((run) => run.trip.id === merged.value && run.serviceDate === serviceDate);
    const plates = other ? platesOf(plan, [other]) : [];
    const payload = { ...about, plates, mergedInto: merged.value };
    return { ...base, state: `merged ${merged.value} ${plates.join(' ')}`, kind: 'substitute', payload };
  }
  const moved = is[0]!.start - start;
  if (Math.abs(moved) >= MOVED_MS) {
    const payload = { ...about, start: is[0]!.start, plates: platesOf(plan, is) };
    return { ...base, state: `at ${is[0]!.start} ${payload.plates.join(' ')}`, kind: 'retimed', payload };
  }
  const vehicles = vehiclesOf(is);
  if (vehicles.join(' ') !== vehiclesOf(was).join(' ') && vehicles.length > 0) {
    const payload = { ...about, plates: platesOf(plan, is) };
    return { ...base, state: `vehicles ${vehicles.join(' ')}`, kind: 'substitute', payload };
  }
  return {
    ...base,
    state: 'planned',
    kind: 'as_planned',
    payload: { ...about, plates: platesOf(plan, is) },
  };
}

const vehiclesOf = (runs: readonly Run[]): string[] =>
  [...new Set(runs.flatMap((run) => run.vehicleId ?? []))].sort();

const platesOf = (plan: Plan, runs: readonly Run[]): string[] =>
  vehiclesOf(runs).map((id) => plan.vehicles.get(id)?.plate ?? id);

function byRun(runs: readonly Run[]): Map<string, Run[]> {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = `${run.trip.id} ${run.serviceDate}`;
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  return groups;
}

/** Everybody on the run, those too who got on already: their way home may be by another bus. */
export function concernsOfChange(
  change: DayChange,
  nth: number,
  facts: PlanFacts,
  absent: Absentees,
): Concern[] {
  const { trip, serviceDate, kind, payload, end } = change;
  return [...ridersOfRun(facts.plan, trip, serviceDate)].flatMap(([rider, stop]) =>
    absent.has(rider)
      ? []
      : {
          kind,
          rider,
          trip,
          date: serviceDate,
          once: `change ${nth}`,
          payload: { ...payload, stop },
          expiresAt: end,
          wanted: (settings) => settings.notices[KIND_RULES[kind].switch!],
        },
  );
}
