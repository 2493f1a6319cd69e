import type { JsonValue } from '../finding.ts';
import { chinaTime } from '../judge/time-text.ts';
import type { Plan } from '../plan/plan.ts';
import { NEVER, NEWS } from './news.ts';
import { OFF, type Rule } from './rule.ts';
import { type SchoolGates, schoolGates } from './school-gates.ts';
import {
  followPattern,
  newDay,
  type PatternDay,
  runOfDay,
  SCHOOL_PATTERN,
  type SchoolPatternTable,
  type SeenRun,
  samePlaces,
} from './school-pattern.ts';

/**
 * R13 f: a vehicle that is no school bus and drives like one, day after day (校车安全管理条例 Art. 45, 46). A lead for
 * people to look into, never an accusation.
 */
export interface IllegalSchoolRunTable extends SchoolPatternTable {
  /** Days with the pattern, among so many school days. RULES R13 f. */
  readonly days: number;
  readonly ofSchoolDays: number;
  /** Pupils live where they live: so many stops must come again on two other days, within this. [D] */
  readonly samePlaces: number;
  readonly samePlaceM: number;
}

interface Suspicion {
  readonly day: PatternDay;
  /** Days with a run, oldest first. */
  readonly runs: readonly SeenRun[];
  /** Event time of the report with which `lead` was weighed last. */
  readonly weighedAt: number;
  readonly lead: Lead | null;
}

/** Plain JSON, as it stands in the evidence. */
type Lead = {
  readonly school: string;
  readonly days: number;
  readonly samePlaces: number;
  readonly score: number;
  readonly runs: readonly { readonly [key: string]: JsonValue }[];
};

/** Days looked back over for school days; longer holidays than this end a lead. */
const MOST_DAYS_BACK = 40;
/** An episode outlives a weekend and a week of holidays without a report. [D] */
const BLIND_S = 16 * 86_400;

export const illegalSchoolRun: Rule<IllegalSchoolRunTable, Suspicion> = {
  name: 'illegal_school_run',
  version: 'R13f/1',
  defaults: { ...SCHOOL_PATTERN, days: 3, ofSchoolDays: 10, samePlaces: 2, samePlaceM: 120 },
  wakes: (_table, { plan }) =>
    plan.registers.schools && plan.registers.vehicles ? NEWS.outsider | NEWS.kept : NEVER,
  remember(at, table, memory) {
    if (!isOutsider(at.plan, at.report.vehicle)) return null;
    const gates = schoolGates(at.plan);
    const { time } = at.report;
    const { date } = gates.clock.localTime(time);
    const before = turnDay(memory, date, time, gates, at.plan, table);
    if (at.fixUse !== 'good' || at.speed === null || at.lat === null || at.lon === null) return before;
    const fix = { time, lat: at.lat, lon: at.lon, speedKmh: at.speed.kmh };
    const day = followPattern(before.day, fix, gates, table);
    return day === before.day && before === memory ? memory : { ...before, day };
  },
  observe(at, _table, episode, memory) {
    // Weighed once a day: what has been seen today counts tomorrow, when the whole day is known.
    if (memory === null || memory.weighedAt !== at.report.time) return null;
    const { lead } = memory;
    if (lead === null) return episode === null ? null : OFF;
    return { sign: 'on', flagged: false, measure: lead.days, severity: 'P3', note: lead, movedM: 0 };
  },
  proven: () => true,
  limits: () => ({ exitS: 0, exitFixes: 1, rejoinS: 0, blindS: BLIND_S, retellS: 86_400 }),
  evidence: ({ note }) => ({
    school: note.school ?? null,
    days: note.days ?? null,
    samePlaces: note.samePlaces ?? null,
    score: note.score ?? null,
    runs: note.runs ?? [],
    lead: true,
    law: '校车安全管理条例 Art. 45, 46',
  }),
  explain({ note }) {
    return {
      zh: `该车不在校车名册中，却在近期 ${note.days} 个上学日以校车方式行驶：短时停靠至少 3 处后到达同一学校，其中 ${note.samePlaces} 处反复停靠。仅为线索，须人工核查（《校车安全管理条例》第四十五、四十六条）。`,
      en: `The vehicle is no registered school bus but drove like one on ${note.days} recent school days: short stops, then the same school's gate, ${note.samePlaces} of the places again and again. A lead to be looked into by people, no more (School Bus Safety Regulation Art. 45, 46).`,
    };
  },
};

/** Neither a school bus of the register nor, where there is no register or no school, to be told from one. */
function isOutsider(plan: Plan, vehicle: string): boolean {
  if (!plan.registers.schools || !plan.registers.vehicles) return false;
  const registered = plan.vehicles.get(vehicle);
  return registered === undefined || registered.schoolBusType === 'none';
}

function turnDay(
  memory: Suspicion | null,
  date: string,
  time: number,
  gates: SchoolGates,
  plan: Plan,
  table: IllegalSchoolRunTable,
): Suspicion {
  if (memory === null) return { day: newDay(date), runs: [], weighedAt: 0, lead: null };
  if (memory.day.date === date) return memory;
  const run = runOfDay(memory.day, table);
  const runs = run === null ? memory.runs : [...memory.runs, run];
  const kept = runs.slice(-table.ofSchoolDays);
  return { day: newDay(date), runs: kept, weighedAt: time, lead: weigh(kept, date, gates, plan, table) };
}

function weigh(
  runs: readonly SeenRun[],
  today: string,
  gates: SchoolGates,
  plan: Plan,
  table: IllegalSchoolRunTable,
): Lead | null {
  const newest = runs.at(-1);
  const school = newest && plan.schools.get(newest.school);
  if (!newest || !school) return null;
  const since = schoolDaysBack(today, table.ofSchoolDays, (date) => gates.isSchoolDay(school, date));
  const recent = runs.filter((run) => run.school === newest.school && run.date >= since);
  if (recent.length < table.days) return null;
  const others = recent.filter((run) => run !== newest);
  const same = samePlaces(newest, others, Math.min(2, others.length), table.samePlaceM);
  if (same < table.samePlaces) return null;
  return {
    school: newest.school,
    days: recent.length,
    samePlaces: same,
    score: Math.round(60 * Math.min(recent.length / 6, 1) + 40 * Math.min(same / 5, 1)),
    runs: recent.map(({ date, way, gateAt, places }) => ({ date, way, gateAt: chinaTime(gateAt), places })),
  };
}

/** The date so many school days before `today`, as `YYYYMMDD`. */
function schoolDaysBack(today: string, days: number, isSchoolDay: (date: string) => boolean): string {
  let at = Date.UTC(Number(today.slice(0, 4)), Number(today.slice(4, 6)) - 1, Number(today.slice(6, 8)));
  let left = days;
  let date = today;
  for (let back = 0; back < MOST_DAYS_BACK && left > 0; back++) {
    at -= 86_400_000;
    date = new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
    if (isSchoolDay(date)) left--;
  }
  return date;
}
