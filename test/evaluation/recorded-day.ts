import type { LonLat } from '../../geo/geometry/point.ts';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import type { Plan, PlanFiles } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';

/** Recorded tracks with a plan to hold them against. */
export interface RecordedDay {
  readonly name: string;
  readonly plan: Plan;
  readonly reports: readonly Report[];
  /** The trip that each report was on by the agency's own system or by the way the track was made; none where unknown. */
  readonly tripOf: ReadonlyMap<Report, string>;
  /** The `stop_sequence` that the agency has a report at or on the way to; absent where its feed does not say. */
  readonly sequenceOf?: ReadonlyMap<Report, number>;
}

/** One recorded drive along one line. */
export interface RecordedRun {
  readonly trip: string;
  readonly vehicle: string;
  readonly line: readonly LonLat[];
  readonly reports: readonly Report[];
}

export function planOf(files: PlanFiles): Plan {
  const result = buildPlan(files, 'evaluation');
  if (result.ok) return result.plan;
  const first = result.problems.slice(0, 3).map((p) => `${p.file}:${p.line} ${p.column}: ${p.reason}`);
  throw new Error(`the plan does not build: ${first.join('; ')}`);
}

/** A day of runs that have no timetable of their own: each is planned from its first fix to its last. */
export function dayOfRuns(name: string, runs: readonly RecordedRun[]): RecordedDay {
  const shapes: string[] = ['shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence'];
  const trips: string[] = ['route_id,service_id,trip_id,shape_id'];
  const stops: string[] = ['stop_id,stop_name,stop_lat,stop_lon'];
  const stopTimes: string[] = ['trip_id,stop_id,stop_sequence,arrival_time,departure_time'];
  const dates = new Map<string, number>();
  const duties: string[] = ['service_date,trip_id,vehicle_id,driver_id,escort_id'];
  const tripOf = new Map<Report, string>();
  for (const run of runs) {
    const times = run.reports.map((report) => report.time);
    const [begin, end] = [Math.min(...times), Math.max(...times)];
    const date = new Date(begin).toISOString().slice(0, 10).replaceAll('-', '');
    const midnight = begin - (begin % 86_400_000);
    dates.set(date, 1);
    run.line.forEach(([lon, lat], i) => {
      shapes.push(`${run.trip},${lat},${lon},${i + 1}`);
    });
    trips.push(`route,${date},${run.trip},${run.trip}`);
    for (const [i, [lon, lat]] of [run.line[0]!, run.line.at(-1)!].entries()) {
      const at = clock((i === 0 ? begin : Math.max(end, begin + 60_000)) - midnight);
      stops.push(`${run.trip}-${i},${run.trip}-${i},${lat},${lon}`);
      stopTimes.push(`${run.trip},${run.trip}-${i},${i + 1},${at},${at}`);
    }
    duties.push(`${date},${run.trip},${run.vehicle},,`);
    for (const report of run.reports) tripOf.set(report, run.trip);
  }
  const files = new Map([
    ['agency.txt', 'agency_id,agency_name,agency_url,agency_timezone\na,a,https://example.org,UTC\n'],
    ['routes.txt', 'route_id,route_short_name,route_type\nroute,route,3\n'],
    [
      'calendar_dates.txt',
      lines(['service_id,date,exception_type', ...[...dates.keys()].map((d) => `${d},${d},1`)]),
    ],
    ['shapes.txt', lines(shapes)],
    ['trips.txt', lines(trips)],
    ['stops.txt', lines(stops)],
    ['stop_times.txt', lines(stopTimes)],
    ['duties.csv', lines(duties)],
  ]);
  return { name, plan: planOf(files), reports: runs.flatMap((run) => run.reports), tripOf };
}

export const lines = (rows: readonly string[]): string => `${rows.join('\n')}\n`;

/** `HH:MM:SS`, past 24 h where need be. */
export function clock(ms: number): string {
  const s = Math.round(ms / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
