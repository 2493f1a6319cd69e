import type { RuleName, Severity } from '../../geo/finding.ts';
import type { Role } from '../store/store.ts';

/** Who is told at a level. A role of the plan, not a login: who holds it is looked up when it is told. */
export type Told =
  | 'provider_safety_officer'
  | 'school'
  | 'education_desk'
  | 'police_desk'
  | 'district_leader'
  | 'education_list';

/** Whose accounts they are. A district's leader is whoever looks after the district's transport, and the administrators. */
export const ROLES_TOLD: { readonly [told in Told]: readonly Role[] } = {
  provider_safety_officer: ['provider'],
  school: ['school'],
  education_desk: ['education'],
  police_desk: ['police'],
  district_leader: ['transport', 'admin'],
  education_list: ['education'],
};

/** An alert that nobody has acknowledged goes a level up when this long has passed since it was raised. */
export interface EscalationLevel {
  readonly severity: Severity;
  /** Of this rule alone; null: of all that have no line of their own. */
  readonly rule: RuleName | null;
  readonly level: number;
  /** Milliseconds since it was raised; null: at the end of the day. */
  readonly afterMs: number | null;
  readonly told: readonly Told[];
}

const SECOND = 1_000;
const MINUTE = 60_000;

/** RULES 1, escalation, and 2.3 R17 of a child left behind. P3 goes onto the daily list, which nobody is called for. */
export const ESCALATION: readonly EscalationLevel[] = [
  { severity: 'P1', rule: null, level: 1, afterMs: 60 * SECOND, told: ['provider_safety_officer', 'school'] },
  { severity: 'P1', rule: null, level: 2, afterMs: 3 * MINUTE, told: ['education_desk', 'police_desk'] },
  { severity: 'P1', rule: null, level: 3, afterMs: 10 * MINUTE, told: ['district_leader'] },
  {
    severity: 'P1',
    rule: 'child_left_behind',
    level: 1,
    afterMs: 60 * SECOND,
    told: ['provider_safety_officer', 'school'],
  },
  { severity: 'P1', rule: 'child_left_behind', level: 2, afterMs: 3 * MINUTE, told: ['education_desk'] },
  {
    severity: 'P1',
    rule: 'child_left_behind',
    level: 3,
    afterMs: 5 * MINUTE,
    told: ['police_desk', 'district_leader'],
  },
  { severity: 'P2', rule: null, level: 1, afterMs: 5 * MINUTE, told: ['provider_safety_officer'] },
  { severity: 'P2', rule: null, level: 2, afterMs: 30 * MINUTE, told: ['school'] },
  { severity: 'P2', rule: null, level: 3, afterMs: null, told: ['education_list'] },
];

/** What came late wakes nobody for the past; of P1 half an hour is not the past yet. RULES 1, order. */
export const LATE_P1_WITHIN_MS = 30 * MINUTE;

/** The day ends for the desk at 18:00 China Standard Time. [D] */
const END_OF_DAY_MS = 18 * 60 * MINUTE;
const CST_MS = 8 * 60 * MINUTE;
const DAY_MS = 24 * 60 * MINUTE;

/** Latest end of a desk's day at or before `now`. */
export function lastEndOfDay(now: number): number {
  const local = now + CST_MS - END_OF_DAY_MS;
  return Math.floor(local / DAY_MS) * DAY_MS + END_OF_DAY_MS - CST_MS;
}

/** An alert of the level that was raised at this moment or before is due at `now`. */
export const raisedBefore = ({ afterMs }: EscalationLevel, now: number): number =>
  afterMs === null ? lastEndOfDay(now) : now - afterMs;

/** The lines that hold for a rule at a severity, lowest first. */
export function levelsOf(
  severity: Severity,
  rule: RuleName,
  table: readonly EscalationLevel[] = ESCALATION,
): readonly EscalationLevel[] {
  const own = table.filter((line) => line.severity === severity && line.rule === rule);
  return own.length > 0 ? own : table.filter((line) => line.severity === severity && line.rule === null);
}

/** The highest level that is due, above the one reached; null where none is. */
export function dueLevel(
  alert: {
    readonly severity: Severity;
    readonly rule: RuleName;
    readonly raisedAt: number;
    readonly level: number;
  },
  now: number,
  table: readonly EscalationLevel[] = ESCALATION,
): EscalationLevel | null {
  const due = levelsOf(alert.severity, alert.rule, table).filter(
    (line) => line.level > alert.level && alert.raisedAt <= raisedBefore(line, now),
  );
  return due.at(-1) ?? null;
}
