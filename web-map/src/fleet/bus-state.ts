import type { Severity } from '../../../geo/finding.ts';
import type { PositionView } from '../../../services/api/contract.ts';
import { type Freshness, freshnessOf } from './freshness.ts';

/** The one thing a bus's colour says. */
export type BusState =
  | 'alertP1'
  | 'alertP2'
  | 'alertP3'
  | 'late'
  | 'onRoute'
  | 'stopped'
  | 'offDuty'
  | 'noFix'
  | 'stale';

/** In the order of the legend. */
export const BUS_STATES: readonly BusState[] = [
  'onRoute',
  'stopped',
  'late',
  'offDuty',
  'alertP1',
  'alertP2',
  'alertP3',
  'noFix',
  'stale',
];

/** Below this a bus stands: GNSS speed jitters up to it at a standstill. */
const STANDING_KMH = 3;
/** A delay that a family would notice. */
const LATE_S = 300;

export interface BusLook {
  state: BusState;
  freshness: Freshness;
  /** Of the worst alert open on this bus; drawn whatever the state. */
  alert: Severity | null;
}

const ofSeverity = { P1: 'alertP1', P2: 'alertP2', P3: 'alertP3' } as const;

/**
 * How a bus is drawn. A position too old to trust is grey even under an alert: the alert then shows as its ring.
 * `timeMs` is the position's time for those who have it read already.
 */
export function lookOf(
  position: PositionView,
  alert: Severity | null,
  now: number,
  timeMs = Date.parse(position.time),
): BusLook {
  const freshness = freshnessOf(now - timeMs);
  return { state: stateOf(position, alert, freshness), freshness, alert };
}

function stateOf(position: PositionView, alert: Severity | null, freshness: Freshness): BusState {
  if (freshness === 'stale') return 'stale';
  if (!position.positioned) return 'noFix';
  if (alert) return ofSeverity[alert];
  if (!position.run) return 'offDuty';
  if ((position.run.delayS ?? 0) >= LATE_S) return 'late';
  const speed = position.speedKmh;
  if (speed !== undefined && speed !== null && speed < STANDING_KMH) return 'stopped';
  return 'onRoute';
}

/** Whole minutes of a delay: positive late, negative early, 0 within a minute of the plan. */
export function delayMinutes(delayS: number): number {
  return Math.trunc(delayS / 60);
}
