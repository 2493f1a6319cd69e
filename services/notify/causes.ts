import type { OutboxWrite } from '../store/store.ts';

/**
 * What happened, as it is put into the outbox in the transaction that made it so. Who is to be told is worked out
 * afterwards; the same cause twice tells nobody twice. Ids, numbers and times; no names.
 */
export type Cause = RunCause | BoardingCause | FindingCause | EscalationCause | PlanCause;

/** A bus on its run has come nearer to stops, has come to them, or stands otherwise to its timetable. */
export interface RunCause {
  readonly topic: 'notify.run';
  readonly trip: string;
  /** `YYYYMMDD` */
  readonly serviceDate: string;
  readonly vehicle: string;
  /** Event time of the report, milliseconds since the epoch. */
  readonly at: number;
  /** Stops that have come within `minutes`: index, when the bus will be there (between the earliest and the latest). */
  readonly nearing: readonly StopNearing[];
  /** Stops that have come within so many stops: [index, stops, expected arrival or null]. */
  readonly stopsAway: readonly (readonly [stop: number, stops: number, expected: number | null])[];
  /** Stops that the bus has come to: [index, when]. */
  readonly reached: readonly (readonly [stop: number, at: number])[];
  /** Index of the first stop ahead. */
  readonly next: number;
  /** Seconds behind the timetable for a while now; null where nothing is to be said of it. */
  readonly delayS: number | null;
}

export interface StopNearing {
  readonly stop: number;
  /** The thresholds crossed, minutes. */
  readonly minutes: readonly number[];
  readonly expected: number;
  readonly earliest: number;
  readonly latest: number;
}

/** What became of one child on one run, by whatever record (`services/boardings/tell-families.ts`). */
export interface BoardingCause {
  readonly topic: 'boarding';
  readonly trip: string;
  readonly serviceDate: string;
  readonly rider: string;
  readonly state: 'expected' | 'boarded' | 'alighted' | 'absent';
  /** When it happened; null where the child is only expected again. */
  readonly at: number | null;
  readonly stop: string | null;
}

/** A finding has opened that was neither late nor in shadow. */
export interface FindingCause {
  readonly topic: 'notify.finding';
  readonly id: string;
  readonly rule: string;
  readonly severity: 'P1' | 'P2' | 'P3';
  readonly vehicle: string;
  readonly trip: string | null;
  readonly start: number;
  readonly district: string | null;
  readonly schoolIds: readonly string[];
  /** Of a skipped stop. */
  readonly stop: string | null;
  /** Found in what was uploaded after a blind area: families are not told of it. */
  readonly backfill: boolean;
}

/** Nobody has dealt with an alert in time: these people are to be told, whatever their settings say of its severity. */
export interface EscalationCause {
  readonly topic: 'notify.escalation';
  readonly finding: string;
  readonly rule: string;
  readonly severity: 'P1' | 'P2' | 'P3';
  readonly vehicle: string;
  readonly trip: string | null;
  readonly start: number;
  readonly level: number;
  /** Accounts. */
  readonly people: readonly string[];
}

/** Another version of the plan is in force. */
export interface PlanCause {
  readonly topic: 'notify.plan';
  readonly version: string;
  readonly files: readonly string[];
}

export const CAUSE_TOPICS: readonly Cause['topic'][] = [
  'notify.run',
  'boarding',
  'notify.finding',
  'notify.escalation',
  'notify.plan',
];

/** The row of the outbox. `vehicleKey` where it goes with a vehicle's other rows. */
export function causeRow(cause: Cause, vehicleKey?: number): OutboxWrite {
  const { topic, ...payload } = cause;
  return {
    topic,
    key: keyOf(cause),
    payload,
    ...(vehicleKey === undefined ? {} : { vehicleKey }),
  };
}

/** As it was put in. */
export const causeOf = (row: { readonly topic: string; readonly payload: unknown }): Cause =>
  ({ ...(row.payload as object), topic: row.topic }) as Cause;

/** For those who look into the outbox; what makes notices come once is worked out of the cause. */
function keyOf(cause: Cause): string {
  switch (cause.topic) {
    case 'notify.run':
    case 'boarding':
      return `${cause.trip} ${cause.serviceDate}`;
    case 'notify.finding':
      return cause.id;
    case 'notify.escalation':
      return `${cause.finding} ${cause.level}`;
    case 'notify.plan':
      return cause.version;
  }
}
