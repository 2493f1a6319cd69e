import type { Severity } from '../../geo/finding.ts';
import type { StoredFinding } from '../store/store.ts';
import type { Act } from './codes.ts';

/** What a shift did and leaves behind, in figures. */
export interface ShiftFigures {
  readonly raised: { readonly [severity in Severity]: number };
  readonly acknowledged: number;
  readonly handled: number;
  readonly closed: number;
  readonly medianToAcknowledgeS: { readonly [severity in Severity]: number | null };
  readonly escalated: number;
  readonly handedOver: number;
  readonly people: readonly { readonly name: string; readonly acts: number; readonly handled: number }[];
}

interface Step {
  readonly act: Act;
  readonly by: { readonly name: string } | null;
}

const SEVERITIES: readonly Severity[] = ['P1', 'P2', 'P3'];

/** Of the alerts that were raised in the shift and of the steps that were made in it. */
export function shiftFigures(alerts: readonly StoredFinding[], steps: readonly Step[]): ShiftFigures {
  const of = <T>(value: (severity: Severity) => T) =>
    Object.fromEntries(SEVERITIES.map((severity) => [severity, value(severity)])) as { [s in Severity]: T };
  const graded = (severity: Severity) => alerts.filter(({ finding }) => finding.severity === severity);
  const people = new Map<string, { acts: number; handled: number }>();
  for (const { by, act } of steps) {
    if (!by) continue;
    const one = people.get(by.name) ?? { acts: 0, handled: 0 };
    people.set(by.name, { acts: one.acts + 1, handled: one.handled + (act === 'handle' ? 1 : 0) });
  }
  return {
    raised: of((severity) => graded(severity).length),
    acknowledged: alerts.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length,
    handled: alerts.filter(({ state }) => state === 'resolved').length,
    closed: alerts.filter(({ desk }) => desk?.stage === 'closed').length,
    medianToAcknowledgeS: of((severity) => median(graded(severity).flatMap(secondsToAcknowledge))),
    escalated: steps.filter(({ act }) => act === 'escalated' || act === 'escalate').length,
    handedOver: steps.filter(({ act }) => act === 'hand_over').length,
    people: [...people].map(([name, counts]) => ({ name, ...counts })).sort((a, b) => b.acts - a.acts),
  };
}

const secondsToAcknowledge = ({ acknowledgedAt, raisedAt }: StoredFinding): number[] =>
  acknowledgedAt === null ? [] : [Math.max(0, Math.round((acknowledgedAt - raisedAt) / 1000))];

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
