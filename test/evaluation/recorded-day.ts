import type { Plan } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';

/** Recorded tracks with a plan to hold them against. */
export interface RecordedDay {
  readonly name: string;
  readonly plan: Plan;
  readonly reports: readonly Report[];
  /** The trip that the agency's own system had the bus on, '' where it said none. */
  readonly said: ReadonlyMap<Report, string>;
}
