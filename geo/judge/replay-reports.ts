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

/** A terminal's clock may be ahead of the platform's by so much; until then a report may still have arrived earlier. */
const CLOCK_AHEAD_MS = 300_000;

interface Heard {
  readonly report: Report;
  /** The fold in order of event time, after this report. */
  readonly judged: JudgeState;
}

interface VehicleReplay {
  judged: JudgeState | null;
  contact: ContactState | null;
  /** Not met yet: what was recorded but had not arrived. */
  waiting: Heard[];
  /** The newest of those that arrived, by event time. */
  newest: Heard | null;
}

export function startReplay(judge: Judge): Replay {
  const vehicles = new Map<string, VehicleReplay>();
  const findings = new Map<string, Finding>();
  let tickAt = Number.NEGATIVE_INFINITY;
  let newestTime = Number.NEGATIVE_INFINITY;

  const take = (changes: readonly FindingChange[]): void => {
    for (const { finding } of changes) findings.set(finding.id, finding);
  };

  /** What had arrived by `until`, in order of arrival. */
  function meet(one: VehicleReplay, until: number): void {
    if (one.waiting.length === 0) return;
    one.waiting.sort((a, b) => a.report.receivedAt - b.report.receivedAt);
    let met = 0;
    for (; met < one.waiting.length && one.waiting[met]!.report.receivedAt <= until; met++) {
      const heard = one.waiting[met]!;
      if (one.newest === null || heard.report.time >= one.newest.report.time) one.newest = heard;
      const step = judge.contact(one.contact, heard.report, one.newest.judged, 0);
      one.contact = step.state;
      take(step.changes);
    }
    one.waiting.splice(0, met);
  }

  /** Silence as it would have been found meanwhile, of every vehicle that said nothing. */
  function tick(until: number): void {
    for (; tickAt <= until; tickAt += SILENCE_TICK_MS) {
      for (const one of vehicles.values()) {
        meet(one, tickAt);
        if (one.contact === null || one.newest === null) continue;
        const step = judge.silence(one.contact, one.newest.judged, tickAt, 0);
        one.contact = step.state;
        take(step.changes);
      }
    }
  }

  return {
    add(report) {
      if (tickAt === Number.NEGATIVE_INFINITY) {
        tickAt = report.time - (report.time % SILENCE_TICK_MS) + SILENCE_TICK_MS;
      }
      newestTime = Math.max(newestTime, report.time);
      tick(report.time - CLOCK_AHEAD_MS);
      let one = vehicles.get(report.vehicle);
      if (!one) {
        one = { judged: null, contact: null, waiting: [], newest: null };
        vehicles.set(report.vehicle, one);
      }
      const step = judge.judge(one.judged, report);
      // A report that came twice is met once.
      if (step.state === one.judged) return;
      one.judged = step.state;
      take(step.changes);
      one.waiting.push({ report, judged: step.state });
    },
    findings() {
      tick(newestTime);
      for (const one of vehicles.values()) meet(one, Number.POSITIVE_INFINITY);
      return [...findings.values()].sort(findingOrder);
    },
  };
}

/** By start, then id: a total order, since ids differ. */
export function findingOrder(a: Finding, b: Finding): number {
  return a.start - b.start || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
