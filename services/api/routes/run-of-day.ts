import type { Run } from '../../../geo/plan/plan.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { ProblemError } from '../problems.ts';
import { noonOf } from '../time.ts';

/** A moment of the day `YYYYMMDD`, now if left out; 400 where there is no such day. */
export function momentOf(date: string | undefined, plan: PlanFacts, now: number): number {
  if (date === undefined) return now;
  const time = noonOf(date.replaceAll('-', ''), plan.plan.timeZone);
  if (time === null) throw new ProblemError('bad-request', `there is no day "${date}"`);
  return time;
}

/** The run of a trip on the day, or the one of that service date. */
export function runOfDay(plan: PlanFacts, trip: string, time: number): Run | null {
  const day = plan.dayAt(time);
  const runs = day.runsByTrip.get(trip) ?? [];
  return (
    runs.find((run) => run.serviceDate === day.date) ??
    runs.find((run) => run.start < day.to && run.end >= day.from) ??
    null
  );
}
