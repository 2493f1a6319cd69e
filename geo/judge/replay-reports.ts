import type { Finding, FindingChange } from '../finding.ts';
import type { ContactBearing, ContactState, Judge, JudgeState } from '../judge.ts';
import type { Plan } from '../plan/plan.ts';
import type { Report } from '../report.ts';
import type { JudgeSettings } from '../rules/rules-in-force.ts';
import { makeJudge } from './make-judge.ts';

/** Silence is looked for this often, in the time of arrival. */
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

/** A terminal's clock may be ahead of the platform's by so much. */
const CLOCK_AHEAD_MS = 300_000;
/** Reports of a vehicle between two looks at what has arrived. */
const MEET_EVERY = 16;

/** Kept for minutes of every vehicle: not the whole state, of which nothing else is needed. */
interface Heard {
  readonly time: number;
  readonly receivedAt: number;
  readonly report: Report;
  /** Of the fold in order of event time, after this report. */
  readonly bearing: ContactBearing;
}

interface VehicleReplay {
  judged: JudgeState | null;
  contact: ContactState | null;
  /** Not met yet, in order of arrival: what was recorded but had not arrived. */
  waiting: Heard[];
  /** The newest of those that arrived, by event time. */
  newest: Heard | null;
}

export function startReplay(judge: Judge): Replay {
  const vehicles = new Map<string, VehicleReplay>();
  const findings = new Map<string, Finding>();
  let newestArrival = 0;

  const take = (changes: readonly FindingChange[]): void => {
    for (const { finding } of changes) findings.set(finding.id, finding);
  };

  /** What had arrived by `until`, in order of arrival. */
  function meet(one: VehicleReplay, until: number): void {
    let met = 0;
    for (; met < one.waiting.length && one.waiting[met]!.receivedAt <= until; met++) {
      const heard = one.waiting[met]!;
      if (one.newest === null || heard.time >= one.newest.time) one.newest = heard;
      // What people say is no word of the terminal.
      if (heard.report.eventsOnly) continue;
      const step = judge.contact(one.contact, heard.report, one.newest.bearing, 0);
      one.contact = step.state;
      take(step.changes);
    }
    one.waiting.splice(0, met);
  }

  /**
   * Silence between two reports is found by the later of them, the same as by ticks in between; only of those who
   * never spoke again must it be asked, at the last tick there would have been.
   */
  function endInSilence(one: VehicleReplay): void {
    const lastTick = newestArrival - (newestArrival % SILENCE_TICK_MS);
    if (one.contact === null || one.judged === null || lastTick <= one.contact.lastReceivedAt) return;
    take(judge.silence(one.contact, one.judged, lastTick, 0).changes);
  }

  return {
    add(report) {
      newestArrival = Math.max(newestArrival, report.receivedAt);
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
      const { time, receivedAt } = report;
      putInOrder(one.waiting, { time, receivedAt, report, bearing: judge.bearing(step.state) });
      // Nothing that is still to come can have arrived before this.
      if (one.waiting.length % MEET_EVERY === 0) meet(one, report.time - CLOCK_AHEAD_MS);
    },
    findings() {
      for (const one of vehicles.values()) {
        meet(one, Number.POSITIVE_INFINITY);
        endInSilence(one);
      }
      return [...findings.values()].sort(findingOrder);
    },
  };
}

/** Behind all that arrived before it or with it: nearly always at the end. */
function putInOrder(waiting: Heard[], heard: Heard): void {
  let at = waiting.length;
  while (at > 0 && waiting[at - 1]!.receivedAt > heard.receivedAt) at--;
  if (at === waiting.length) waiting.push(heard);
  else waiting.splice(at, 0, heard);
}

/** By start, then id: a total order, since ids differ. */
export function findingOrder(a: Finding, b: Finding): number {
  return a.start - b.start || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
