import type { Plan } from '../plan/plan.ts';
import type { DayKind } from './slots.ts';

/**
 * What kind of day a service date is for a trip: Monday to Friday 0, Saturday 1, Sunday 2. A holiday of its schools
 * drives like a Sunday, a day worked in exchange (调休) like the weekday whose timetable runs.
 */
export function dayKindOf(plan: Plan): (serviceDate: string, schoolIds: readonly string[]) => DayKind {
  const byDate = new Map<string, Plan['amendments']['schoolDays'][number][]>();
  for (const day of plan.amendments.schoolDays) {
    const rows = byDate.get(day.date);
    if (rows) rows.push(day);
    else byDate.set(day.date, [day]);
  }
  return (serviceDate, schoolIds) => {
    const changed = byDate
      .get(serviceDate)
      ?.find(({ schoolId, kind }) => kind !== 'early_dismissal' && holdsFor(schoolId, schoolIds));
    if (changed?.kind === 'holiday') return 2;
    return kindOfWeekday(changed ? changed.weekday : weekdayOf(serviceDate));
  };
}

const holdsFor = (schoolId: string | null, schoolIds: readonly string[]): boolean =>
  schoolId === null || schoolIds.includes(schoolId);

const kindOfWeekday = (weekday: number): DayKind => (weekday === 0 ? 2 : weekday === 6 ? 1 : 0);

/** 0 is Sunday. */
const weekdayOf = (date: string): number =>
  new Date(
    Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))),
  ).getUTCDay();
