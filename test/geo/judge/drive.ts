import type { Finding } from '../../../geo/finding.ts';
import { bearingDeg, distanceM } from '../../../geo/geometry/distance.ts';
import { makeJudge } from '../../../geo/judge/make-judge.ts';
import type { JudgeState, RunProgress } from '../../../geo/judge.ts';
import type { Plan } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { type Metres, place, START } from './small-plan.ts';

/** A report with everything in order unless said otherwise. */
export function report(time: number, at: Metres, more: Partial<Report> = {}): Report {
  const [lon, lat] = place(at);
  return {
    vehicle: 'bus',
    time,
    receivedAt: time,
    lat,
    lon,
    positioned: true,
    speedKmh: 0,
    recorderSpeedKmh: null,
    directionDeg: null,
    altitudeM: null,
    accOn: true,
    alarmFlags: 0,
    statusFlags: 3,
    satellites: 12,
    mileageKm: null,
    backfill: false,
    serial: null,
    ...more,
  };
}

/** One stretch of a drive: to a place at a speed, or standing for a while. */
export type Leg =
  | { readonly to: Metres; readonly kmh: number; readonly more?: Partial<Report> }
  | { readonly standS: number; readonly more?: Partial<Report> };

/** From 1,200 m eastward round the stop at 1,500 m to that at 3,000 m, back to the first, and on to 6,000 m. */
export const SWAPPED_STOPS: readonly Leg[] = [
  { to: [1_200, 400], kmh: 36 },
  { to: [2_800, 400], kmh: 36 },
  { to: [2_800, 0], kmh: 36 },
  { to: [3_000, 0], kmh: 36 },
  { standS: 20 },
  { to: [3_200, 0], kmh: 36 },
  { to: [3_200, 400], kmh: 36 },
  { to: [1_300, 400], kmh: 36 },
  { to: [1_300, 0], kmh: 36 },
  { to: [1_500, 0], kmh: 36 },
  { standS: 20 },
  { to: [6_000, 0], kmh: 36 },
  { standS: 60 },
];

/** Drives legs one after the other and reports every `everyS` seconds. */
export function drive(
  from: Metres,
  legs: readonly Leg[],
  { startS = 0, everyS = 5 }: { startS?: number; everyS?: number } = {},
): Report[] {
  const reports: Report[] = [];
  let at = from;
  let now = startS;
  let next = startS;
  const emit = (
    until: number,
    where: (t: number) => Metres,
    speedKmh: number,
    headingDeg: number | null,
    more = {},
  ) => {
    for (; next <= until; next += everyS) {
      reports.push(report(START + next * 1000, where(next), { speedKmh, directionDeg: headingDeg, ...more }));
    }
  };
  for (const leg of legs) {
    if ('standS' in leg) {
      const here = at;
      emit(now + leg.standS, () => here, 0, null, leg.more);
      now += leg.standS;
    } else {
      const [a, b] = [at, leg.to];
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
      const begun = now;
      const lasts = length / (leg.kmh / 3.6);
      const heading = bearingDeg(place(a), place(b));
      const where = (t: number): Metres => {
        const share = lasts > 0 ? Math.min((t - begun) / lasts, 1) : 1;
        return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
      };
      emit(now + lasts, where, leg.kmh, heading, leg.more);
      now += lasts;
      at = b;
    }
  }
  return reports;
}

/** Findings of one vehicle's reports in their final form, in order of start then id, and the state after the last. */
export function judgeAll(
  plan: Plan,
  reports: readonly Report[],
): { findings: Finding[]; state: JudgeState; progress: RunProgress | null; kinds: string[] } {
  const judge = makeJudge(plan);
  const findings = new Map<string, Finding>();
  const kinds: string[] = [];
  let state: JudgeState | null = null;
  for (const one of reports) {
    const step = judge.judge(state, one);
    state = step.state;
    for (const { kind, finding } of step.changes) {
      findings.set(finding.id, finding);
      kinds.push(`${kind} ${finding.rule}`);
    }
  }
  if (state === null) throw new Error('no reports');
  const list = [...findings.values()].sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
  return { findings: list, state, progress: judge.progress(state), kinds };
}

/** What a finding amounts to, in seconds after `START`: `speeding P2 60-120`. */
export function brief(finding: Finding): string {
  const s = (ms: number) => Math.round((ms - START) / 1000);
  return `${finding.rule} ${finding.severity} ${s(finding.start)}-${finding.end === null ? '' : s(finding.end)}`;
}

export const metresApart = (a: Report, b: Report): number => distanceM([a.lon, a.lat], [b.lon, b.lat]);
