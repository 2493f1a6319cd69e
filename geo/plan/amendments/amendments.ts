import type { JsonValue } from '../../finding.ts';
import type { LonLat } from '../../geometry/point.ts';
import type { JudgeSettings } from '../../rules/rules-in-force.ts';

/**
 * What changes from day to day on top of the plan: numbers of rules, orders, detours, excuses, school days, dispatch.
 * Each is a file of its own, so that a change of one does not touch the network.
 */
export interface Amendments {
  readonly settings: readonly RuleOverride[];
  readonly orders: readonly WeatherOrder[];
  readonly detours: readonly Detour[];
  readonly excuses: readonly Excuse[];
  readonly schoolDays: readonly SchoolDay[];
  readonly dispatch: readonly Dispatch[];
}

export const NO_AMENDMENTS: Amendments = {
  settings: [],
  orders: [],
  detours: [],
  excuses: [],
  schoolDays: [],
  dispatch: [],
};

/** A row of an amendment file. `id` is its own, or made of what it says. */
export interface Amendment {
  readonly id: string;
  readonly note: string;
}

/** From `from` until before `to`, milliseconds since the epoch; infinite where open. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const holdsAt = (span: Span, time: number): boolean => time >= span.from && time < span.to;

/** From the widest to the narrowest: of two overrides of one number the narrower holds. RULES, preamble. */
export const SCOPES = ['platform', 'district', 'operator', 'school', 'route', 'section', 'vehicle'] as const;
export type Scope = (typeof SCOPES)[number];

/** One number of one rule, or the whole of a rule, otherwise than by default, somewhere, for some time. */
export interface RuleOverride extends Amendment, Span {
  readonly scope: Scope;
  /** Empty for the whole platform. */
  readonly scopeId: string;
  /** As the file calls it: a rule, `machinery` or `matching`. */
  readonly rule: string;
  /** The table of numbers; null where the row is about the rule as a whole. */
  readonly table: keyof JudgeSettings | null;
  /** Its key in the table. */
  readonly parameter: string | null;
  readonly value: JsonValue;
  /** `shadow`: recorded and told to nobody. `off`: not judged, or, of a number, not in force. */
  readonly mode: 'live' | 'shadow' | 'off';
  /** Of whoever keeps the settings; shown in evidence. */
  readonly version: string;
}

export const ORDER_KINDS = ['ice', 'snow', 'mud', 'low_visibility'] as const;

/** 校车安全管理条例 Art. 35: 20 km/h with pupils aboard on ice, snow or mud, or in low visibility. [L1-35] */
export interface WeatherOrder extends Amendment, Span {
  readonly kind: (typeof ORDER_KINDS)[number];
  readonly limitKmh: number;
  /** Null: everywhere. */
  readonly district: string | null;
  readonly area: readonly (readonly LonLat[])[] | null;
  /** The order's words. */
  readonly text: string;
}

/** A way that stands for a part of the line, for one trip or all of a route. */
export interface Detour extends Amendment, Span {
  readonly tripId: string | null;
  readonly routeId: string | null;
  readonly line: readonly LonLat[];
  /** Taken only by runs whose dispatch names it. */
  readonly onDispatch: boolean;
}

/** The five of 校车安全管理条例 Art. 30. [L1-30] */
export const EXCUSE_KINDS = ['traffic_control', 'road_works', 'disaster', 'weather', 'crash'] as const;

export interface Excuse extends Amendment, Span {
  readonly kind: (typeof EXCUSE_KINDS)[number];
  /** Null, both: every run of the span. */
  readonly tripId: string | null;
  readonly routeId: string | null;
  /** Who says so, or what proves it. Art. 30 excuses nobody by itself. */
  readonly by: string;
}

/** A day on which a school, a district or everybody goes by another timetable (调休, holiday, early end). */
export interface SchoolDay extends Amendment {
  /** `YYYYMMDD` */
  readonly date: string;
  readonly schoolId: string | null;
  readonly district: string | null;
  readonly kind: 'holiday' | 'workday_swap' | 'early_dismissal';
  /** Of a swap: the weekday whose timetable runs, 0 is Sunday. */
  readonly weekday: number;
  /** Of an early dismissal: seconds of the service day. */
  readonly atS: number;
}

export const DISPATCH_ACTIONS = [
  'vehicle',
  'driver',
  'escort',
  'cancel',
  'merge',
  'split',
  'early',
  'detour',
] as const;

/** What the dispatcher changed of one run on its day. Rows are taken in order of `at`; the last word counts. */
export interface Dispatch extends Amendment {
  readonly serviceDate: string;
  readonly tripId: string;
  readonly action: (typeof DISPATCH_ACTIONS)[number];
  /** A vehicle, a person, a trip to join, a second vehicle, minutes or a time, a detour; empty for nobody. */
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: string;
}
