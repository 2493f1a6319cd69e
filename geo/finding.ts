/** The rules a finding may name, in the order of the public contract. */
export const RULE_NAMES = [
  'speeding',
  'route_deviation',
  'wrong_stop_order',
  'skipped_stop',
  'off_schedule',
  'unapproved_vehicle',
  'unapproved_driver',
  'missing_escort',
  'child_left_behind',
  'overload',
  'unplanned_stop',
  'outside_permitted_time',
  'fence',
  'fatigue',
  'terminal_offline',
  'terminal_fault',
  'sos',
  'harsh_driving',
  'collision',
  'adas',
  'dsm',
  'door_open_moving',
  'illegal_school_run',
] as const;

export type RuleName = (typeof RULE_NAMES)[number];

/** P1 life or safety now, P2 violation, P3 record or service. */
export type Severity = 'P1' | 'P2' | 'P3';

/**
 * One episode of one rule on one vehicle: opens once, is extended while it lasts, closes once.
 * Its id is a function of rule, vehicle and start, so the same evidence always gives the same id.
 */
export interface Finding {
  readonly id: string;
  readonly rule: RuleName;
  readonly vehicle: string;
  /** `trip_id` of the run under way, or null. */
  readonly trip: string | null;
  readonly severity: Severity;
  /** Event time, milliseconds since the epoch. */
  readonly start: number;
  /** Null while it lasts. */
  readonly end: number | null;
  /** WGS-84 degrees, where it began. */
  readonly lat: number | null;
  readonly lon: number | null;
  /** Found only after the fact, from reports that arrived late. */
  readonly late: boolean;
  /** Of a rule that is being tried out: recorded, told to nobody. */
  readonly shadow?: true;
  /** What it rests on: plan version, rule parameters, limit and its source, peak, fixes. JSON values only. */
  readonly evidence: { readonly [key: string]: JsonValue };
}

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export interface FindingChange {
  readonly kind: 'opened' | 'updated' | 'closed';
  readonly finding: Finding;
}
