import type { Finding, FindingChange } from '../finding.ts';
import type { ContactState, Judge, JudgeState } from '../judge.ts';
import type { Plan } from '../plan/plan.ts';
import type { Report } from '../report.ts';
import type { JudgeSettings } from '../rules/rules-in-force.ts';
import { makeJudge } from './make-judge.ts';

/** Silence is looked for this often, in time of arrival, as the live service does. */
export const SILENCE_TICK_MS = 30_000;

/** Folds recorded reports as the live service does: judged in order of event time, contact in order of arrival. */
export interface Replay {
  /** Reports must come in `replayOrder`. */
  add(report: Report): void;
  /** Every finding in its final form, by start, then id. */
  findings(): Finding[];
}

/** Order of a replay: event time, then arrival, then vehicle. */
export function replayOrder(a: Report, b: Report): number {
  return (
    a.time - b.time ||
    a.receivedAt - b.receivedAt ||
    (a.vehicle < b.vehicle ? -1 : a.vehicle > b.vehicle ? 1 : 0)
  );
}

/** The findings of recorded reports, in any order, of any number of vehicles. Same input, same findings. */
export function replayReports(plan: Plan, reports: readonly Report[], settings?: JudgeSettings): Finding[] {
  const replay = startReplay(makeJudge(plan, settings));
  for (const report of [...reports].sort(replayOrder)) replay.add(report);
  return replay.findings();
}

export function startReplay(judge: Judge): Replay {
  const vehicles = new Map<string, VehicleReplay>();
  const findings = new Map<string, Finding>();
  let tickAt = Number.NEGATIVE_INFINITY;

  const take = (changes: readonly FindingChange[]): void => {
    for (const { finding } of changes) findings.set(finding.id, finding);
  };

  /** Silence as it would have been found meanwhile, by all the vehicles that said nothing. */
  function tick(until: number): void {
    if (tickAt === Number.NEGATIVE_INFINITY) tickAt = until - (until % SILENCE_TICK_MS) + SILENCE_TICK_MS;
    for (; tickAt <= until; tickAt += SILENCE_TICK_MS) {
      for (const one of vehicles.values()) {
        const step = judge.silence(one.contact, one.judged, tickAt, 0);
        one.contact = step.state;
        take(step.changes);
      }
    }
  }

  return {
    add(report) {
      tick(report.time);
      const was = vehicles.get(report.vehicle);
      const judged = judge.judge(was?.judged ?? null, report);
      take(judged.changes);
      const heard = judge.contact(was?.contact ?? null, report, judged.state, 0);
      take(heard.changes);
      vehicles.set(report.vehicle, { judged: judged.state, contact: heard.state });
    },
    findings: () => [...findings.values()].sort(findingOrder),
  };
}

interface VehicleReplay {
  judged: JudgeState;
  contact: ContactState;
}

/** By start, then id: a total order, since ids differ. */
export function findingOrder(a: Finding, b: Finding): number {
  return a.start - b.start || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
