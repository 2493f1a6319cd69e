/** What a family or staff can be told of. */
export const NOTICE_KINDS = [
  'minutes_before',
  'stops_before',
  'boarded',
  'alighted',
  'arrived_school',
  'at_stop',
  'delayed',
  'substitute',
  'cancelled',
  'retimed',
  'as_planned',
  'skipped_stop',
  'not_started',
  'alert',
  'escalation',
] as const;

export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** The switches of a person's settings. */
export const NOTICE_SWITCHES = [
  'boarded',
  'alighted',
  'arrived',
  'delayed',
  'substitute',
  'cancelled',
  'skippedStop',
  'notStarted',
] as const;

export type NoticeSwitch = (typeof NOTICE_SWITCHES)[number];

export interface KindRule {
  /** Comes in quiet hours too, is not rate-limited, and is tried on another channel where the first fails. */
  readonly safety: boolean;
  /** Of no use any more after so long; approach notices carry their own, shorter time. */
  readonly validMs: number;
  readonly switch: NoticeSwitch | null;
}

const MINUTE_MS = 60_000;

export const KIND_RULES: { readonly [kind in NoticeKind]: KindRule } = {
  minutes_before: { safety: false, validMs: 5 * MINUTE_MS, switch: null },
  stops_before: { safety: false, validMs: 3 * MINUTE_MS, switch: null },
  boarded: { safety: false, validMs: 60 * MINUTE_MS, switch: 'boarded' },
  alighted: { safety: false, validMs: 60 * MINUTE_MS, switch: 'alighted' },
  arrived_school: { safety: false, validMs: 15 * MINUTE_MS, switch: 'arrived' },
  at_stop: { safety: false, validMs: 10 * MINUTE_MS, switch: 'arrived' },
  delayed: { safety: false, validMs: 15 * MINUTE_MS, switch: 'delayed' },
  substitute: { safety: true, validMs: 16 * 60 * MINUTE_MS, switch: 'substitute' },
  cancelled: { safety: true, validMs: 16 * 60 * MINUTE_MS, switch: 'cancelled' },
  retimed: { safety: true, validMs: 16 * 60 * MINUTE_MS, switch: 'cancelled' },
  as_planned: { safety: true, validMs: 16 * 60 * MINUTE_MS, switch: 'cancelled' },
  skipped_stop: { safety: true, validMs: 30 * MINUTE_MS, switch: 'skippedStop' },
  not_started: { safety: true, validMs: 30 * MINUTE_MS, switch: 'notStarted' },
  alert: { safety: true, validMs: 60 * MINUTE_MS, switch: null },
  escalation: { safety: true, validMs: 60 * MINUTE_MS, switch: null },
};
