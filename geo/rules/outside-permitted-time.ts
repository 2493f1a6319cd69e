import { distanceM } from '../geometry/distance.ts';
import type { Episode } from '../judge/episode.ts';
import { localClock } from '../judge/time-text.ts';
import { keptFor } from '../plan/kept-for.ts';
import type { Permit, Plan } from '../plan/plan.ts';
import { NEVER, NEWS } from './news.ts';
import { blindS, forTheRun, OFF, type Rule, type Situation } from './rule.ts';

/** R07: with pupils at hours, or on days, that the permit does not name; about at night with nobody aboard. */
export interface OutsidePermittedTimeTable {
  /** The permit's windows are taken this much wider. RULES R07. */
  readonly marginS: number;
  /** Moving is faster than this, for so long and so many fixes. RULES R13 to R15; the times are [D]. */
  readonly movingKmh: number;
  readonly confirmS: number;
  readonly confirmFixes: number;
  /** No empty motion between these seconds of the day. RULES R07: 22:00 to 05:00. */
  readonly curfewFromS: number;
  readonly curfewToS: number;
  /** Less way than this from where it began is drift, or shunting in the yard. [D] */
  readonly curfewM: number;
  /** Unless a run is due within so long. [D] */
  readonly dueWithinS: number;
}

export const OUTSIDE_PERMITTED_TIME: OutsidePermittedTimeTable = {
  marginS: 1_800,
  movingKmh: 5,
  confirmS: 60,
  confirmFixes: 3,
  curfewFromS: 22 * 3_600,
  curfewToS: 5 * 3_600,
  curfewM: 300,
  dueWithinS: 3_600,
};

const clockOf = keptFor<Plan, (time: number) => number>(
  ({ trips, timeZone }) => [trips, timeZone],
  ({ timeZone }) => localClock(timeZone),
);

const isMoving = ({ speed, standing }: Situation, table: OutsidePermittedTimeTable): boolean =>
  !standing && speed !== null && speed.kmh > table.movingKmh;

/** The windows of the permits that hold for the vehicle on its day; null where none names any. */
function windowsOf(
  plan: Plan,
  vehicle: string,
  serviceDate: string | null,
): (readonly [number, number])[] | null {
  const permits = plan.permitsByVehicle.get(vehicle);
  if (permits === undefined) return null;
  const windows: (readonly [number, number])[] = [];
  for (const permit of permits) {
    if (!holds(permit, serviceDate)) continue;
    const { morningWindow, afternoonWindow } = permit;
    // A permit without hours allows all of them.
    if (morningWindow === null && afternoonWindow === null) return null;
    if (morningWindow !== null) windows.push(morningWindow);
    if (afternoonWindow !== null) windows.push(afternoonWindow);
  }
  return windows.length === 0 ? null : windows;
}

const holds = ({ status, validFrom, validTo }: Permit, date: string | null): boolean =>
  status === 'valid' && (date === null || (validFrom <= date && date <= validTo));

/** Windows may run over midnight, and so may their margins. */
const isWithin = (secondsOfDay: number, [from, to]: readonly [number, number], marginS: number): boolean => {
  const lengthS = (to >= from ? to - from : to - from + 86_400) + 2 * marginS;
  return (((secondsOfDay - (from - marginS)) % 86_400) + 86_400) % 86_400 <= lengthS;
};

/** Why pupils may not be carried now, or null. */
function outside(at: Situation, table: OutsidePermittedTimeTable): 'hours' | 'no_service' | null {
  const { plan, report, run } = at;
  if (!plan.registers.permits) return null;
  // Somebody counted pupils aboard, and neither the calendar nor today's dispatch has a run for the vehicle.
  if (run === null && plan.registers.duties && at.aboard === 'known') {
    const due = plan.dutiesAt(report.vehicle, report.time, table.dueWithinS).length > 0;
    if (!due) return 'no_service';
  }
  const windows = windowsOf(plan, report.vehicle, run?.serviceDate ?? null);
  if (windows === null) return null;
  const now = clockOf(plan)(report.time);
  return windows.some((window) => isWithin(now, window, table.marginS)) ? null : 'hours';
}

export const outsidePermittedTime: Rule<OutsidePermittedTimeTable> = {
  name: 'outside_permitted_time',
  version: 'R07/1',
  defaults: OUTSIDE_PERMITTED_TIME,
  wakes: (_table, { plan }) => (plan.registers.permits ? NEWS.carrying : NEVER),
  observe(at, table, episode) {
    if (at.eventsOnly) return null;
    const carrying = at.carrying && (at.run !== null || at.aboard === 'known');
    const why = carrying ? outside(at, table) : null;
    if (why === null) return episode === null ? null : OFF;
    if (episode === null && !isMoving(at, table)) return null;
    return {
      sign: 'on',
      flagged: false,
      measure: 1,
      severity: 'P2',
      note: { why, aboard: at.aboard, windows: windowTexts(at) },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.fixes >= Math.min(table.confirmFixes, 2) &&
    candidate.last - candidate.since >= table.confirmS * 1000,
  // One episode for the run.
  limits: forTheRun,
  evidence: ({ note }, table) => ({
    reason: note.why ?? null,
    permittedWindows: note.windows ?? [],
    marginMin: table.marginS / 60,
    law: '校车安全管理条例 Art. 16, 48',
  }),
  explain: ({ note }) =>
    note.why === 'no_service'
      ? {
          zh: '车上有学生，但当日该车没有应运行的班次（校历、调休与当日调度均无安排）。',
          en: 'Pupils are aboard, and neither the calendar nor the day’s dispatch has a run for the vehicle.',
        }
      : {
          zh: '在校车标牌载明的运行时间以外载学生行驶（《校车安全管理条例》第十六条）。',
          en: 'Carried pupils outside the running times of its permit (School Bus Safety Regulation Art. 16).',
        },
};

function windowTexts({ plan, report, run }: Situation): string[] {
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const clock = (s: number): string => `${two(s / 3600)}:${two((s / 60) % 60)}`;
  return (windowsOf(plan, report.vehicle, run?.serviceDate ?? null) ?? []).map(
    ([from, to]) => `${clock(from)}-${clock(to)}`,
  );
}

function awayM(from: Pick<Episode, 'lat' | 'lon'>, { lat, lon }: Situation): number {
  if (from.lat === null || from.lon === null || lat === null || lon === null) return 0;
  return distanceM([from.lon, from.lat], [lon, lat]);
}

export const curfew: Rule<OutsidePermittedTimeTable> = {
  name: 'outside_permitted_time',
  aspect: 'curfew',
  version: 'R07/1',
  defaults: OUTSIDE_PERMITTED_TIME,
  wakes: (_table, { plan }) => (plan.registers.duties ? NEWS.unjoined : NEVER),
  observe(at, table, episode) {
    const { plan, report, run } = at;
    if (run !== null || at.eventsOnly) return episode === null ? null : OFF;
    if (episode === null && !isMoving(at, table)) return null;
    // The school's own buses and nobody else's.
    if (!plan.registers.duties || !plan.vehicles.has(report.vehicle)) return null;
    const window = [table.curfewFromS, table.curfewToS] as const;
    if (!isWithin(clockOf(plan)(report.time), window, 0)) return episode === null ? null : OFF;
    if (!isMoving(at, table)) return { ...OFF, sign: at.standing ? 'off' : 'between' };
    if (episode === null && plan.dutiesAt(report.vehicle, report.time, table.dueWithinS).length > 0)
      return null;
    return { sign: 'on', flagged: false, measure: 1, severity: 'P3', note: {}, movedM: at.movedM };
  },
  proven: (candidate, at, table) =>
    candidate.fixes >= table.confirmFixes &&
    candidate.last - candidate.since >= table.confirmS * 1000 &&
    at.fixUse === 'good' &&
    awayM(candidate, at) >= table.curfewM,
  limits: (at) => ({ exitS: 120, exitFixes: 2, rejoinS: 600, blindS: blindS(at), retellS: 0 }),
  evidence: () => ({ reason: 'curfew' }),
  explain: () => ({
    zh: '夜间（22:00 至 5:00）没有班次的校车在行驶。',
    en: 'The bus is driven between 22:00 and 05:00 without a run.',
  }),
};
