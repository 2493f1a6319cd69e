/** Where an alert stands on the desk, in order. RULES 1, handling. */
export const STAGES = ['new', 'acknowledged', 'handled', 'reviewed', 'closed'] as const;
export type Stage = (typeof STAGES)[number];

/** Why it came about, as far as whoever handled it found out. */
export const REASONS = [
  'driver',
  'crew_missing',
  'vehicle_fault',
  'terminal_fault',
  'road_or_traffic',
  'weather',
  'plan_wrong',
  'drill',
  'false_alarm',
  'other',
] as const;
export type Reason = (typeof REASONS)[number];

/** What was done about it. */
export const DEEDS = [
  'crew_called',
  'crew_told',
  'on_site_check',
  'bus_replaced',
  'run_stopped',
  'school_informed',
  'police_informed',
  'repair_ordered',
  'plan_corrected',
  'nothing_needed',
] as const;
export type Deed = (typeof DEEDS)[number];

/** What a review says it was; `false` feeds the tuning of the rule. */
export const VERDICTS = ['true', 'false', 'excused'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** How a call to somebody of the call card ended. */
export const CALL_OUTCOMES = ['reached', 'no_answer', 'wrong_number'] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** Everything that can happen to an alert on the desk. `escalated` is what time alone does. */
export const ACTS = [
  'acknowledge',
  'assign',
  'note',
  'call',
  'text',
  'photo',
  'escalate',
  'escalated',
  'excuse',
  'hand_over',
  'evidence',
  'handle',
  'review',
  'close',
  'undo',
] as const;
export type Act = (typeof ACTS)[number];

/** To whom an alert that nobody takes up goes, level by level. RULES 1, escalation. */
export const HIGHEST_LEVEL = 3;
