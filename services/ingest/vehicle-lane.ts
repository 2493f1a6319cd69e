import type { FindingChange } from '../../geo/finding.ts';
import type { ContactState, JudgeState, RunProgress } from '../../geo/judge.ts';
import type { Report } from '../../geo/report.ts';
import type { ExpectStops } from '../notify/expected-stops.ts';
import { findingCause } from '../notify/finding-cause.ts';
import { VehicleWatch } from '../notify/vehicle-watch.ts';
import type { VehicleSnapshot, VehicleWrite } from '../store/store.ts';
import type { Batcher } from './batcher.ts';
import type { Batchers } from './batchers.ts';
import type { ClaimedVehicle } from './catch-up.ts';
import { checkpointBetween } from './checkpoints.ts';
import type { IngestCounts } from './counts.ts';
import { Keeping, type RunNow } from './keeping.ts';
import type { OwedAck } from './owed-ack.ts';
import type { Audience } from './publish.ts';
import type { QuietLog } from './quiet-log.ts';
import { RecentReports } from './recent-reports.ts';
import type { Rejudged } from './rejudge.ts';
import type { RulesInForce } from './rules-in-force.ts';
import { TerminalClock } from './terminal-clock.ts';

/** What all lanes share. */
export interface LaneWorld {
  readonly rules: RulesInForce;
  readonly batchers: Batchers;
  readonly counts: IngestCounts;
  readonly log: QuietLog;
  /** The platform itself heard nothing before this; 0 for never. */
  readonly deafUntil: () => number;
  /** When a bus is expected at the stops ahead; left out: by the timetable. */
  readonly expectStops?: ExpectStops;
  /** Begins to judge a lane again that has late reports waiting; ends with `lane.resume()`. */
  readonly rejudge: (lane: VehicleLane) => void;
}

/** The connection whose terminal feeds the lane. */
export interface LaneOwner {
  /** Connections in order of their coming: of two, the greater is the newer. */
  readonly order: number;
  /** When it was last heard, receive time. */
  readonly frameAt?: number;
  /** The lane may commit nothing more: another process has the vehicle, or its rows are poisonous. */
  laneLost(reason: string): void;
}

/** A report with what else is to be kept and answered. */
export interface Incoming {
  readonly report: Report;
  readonly body: Uint8Array;
  readonly ack: OwedAck | null;
}

/**
 * One vehicle while its terminal is connected here: the epoch under which this process owns it, the state of its
 * judge, and the order of its reports. Reports in order are judged at once and go into the next commit; one that is
 * late makes the lane wait, with all that follow, until it has been judged again (`rejudge-lane.ts`).
 */
export class VehicleLane {
  readonly vehicle: string;
  readonly vehicleKey: number;
  readonly epoch: number;
  judged: JudgeState | null;
  contact: ContactState | null;
  last: Report | null;
  owner: LaneOwner | null;
  state: 'live' | 'waiting' | 'lost' = 'live';
  /** In order of arrival, while the lane waits. */
  waiting: Incoming[] = [];
  /** Newest report and judge's state of the commit under way: what is shown to those who watch once it is done. */
  newest: Report | null = null;
  newestJudged: JudgeState | null = null;
  /** The report last shown. */
  shown: Report | null;
  audience: Audience | null = null;
  readonly clock: TerminalClock;
  /** When its connections were taken from one that was still speaking; the newest few. */
  takeovers: readonly number[] = [];
  readonly #world: LaneWorld;
  readonly #batcher: Batcher;
  readonly #recent: RecentReports;
  readonly #lateFindings = new Set<string>();
  readonly #keeping: Keeping;
  /** What families on its run may have to be told of. */
  readonly #watch: VehicleWatch;
  #contactChanges: FindingChange[] = [];
  #lastReceivedAt: number;
  #unsettledBatches = 0;
  #settled: (() => void)[] = [];

  constructor(world: LaneWorld, vehicle: string, claimed: ClaimedVehicle, owner: LaneOwner) {
    const { last } = claimed.snapshot;
    const { judged, contact } = claimed;
    this.vehicle = vehicle;
    this.vehicleKey = claimed.vehicleKey;
    this.epoch = claimed.epoch;
    this.judged = judged;
    this.contact = contact;
    this.last = last;
    this.shown = last;
    this.clock = new TerminalClock(last);
    this.owner = owner;
    this.#world = world;
    this.#watch = new VehicleWatch(world.expectStops);
    this.#batcher = world.batchers.of(claimed.vehicleKey);
    this.#recent = new RecentReports(Math.max(judged?.time ?? -Infinity, last?.time ?? -Infinity));
    this.#keeping = new Keeping(claimed.vehicleKey, claimed.snapshot);
    if (last) this.#recent.add(last);
    this.#lastReceivedAt = Math.max(contact?.lastReceivedAt ?? 0, last?.receivedAt ?? 0);
  }

  /** Strictly increasing for one vehicle, so that (time, receivedAt) orders its reports totally. */
  nextReceivedAt(now: number): number {
    this.#lastReceivedAt = Math.max(now, this.#lastReceivedAt + 1);
    return this.#lastReceivedAt;
  }

  /** Takes a report as it arrives; its ack is settled once it is committed. */
  take(incoming: Incoming): void {
    if (this.state === 'lost') return;
    if (this.state === 'waiting') {
      this.#meet(incoming.report);
      this.#wait(incoming);
      return;
    }
    this.#takeLive(incoming, false);
  }

  #takeLive(incoming: Incoming, met: boolean): void {
    const { report, ack } = incoming;
    const { counts } = this.#world;
    if (this.#recent.has(report)) {
      counts.reports.add('duplicate');
      // The first of them may still be on its way to the database: this answer waits for a commit after it.
      if (ack) {
        if (this.#unsettledBatches === 0) ack.settle();
        else this.#batcher.owe(ack, this);
      }
      return;
    }
    if (this.isLate(report)) {
      if (!met) this.#meet(report);
      this.state = 'waiting';
      this.#wait(incoming);
      this.#world.rejudge(this);
      return;
    }
    this.#judgeInOrder(incoming, met);
  }

  /** Older than what was judged, or of the same time as something this process has not seen. */
  isLate(report: Report): boolean {
    const judged = this.judged;
    if (!judged || !this.#world.rules.judge) return false;
    if (report.time !== judged.time) return report.time < judged.time;
    return !this.#recent.knowsAllOf(report.time);
  }

  #wait(incoming: Incoming): void {
    this.waiting.push(incoming);
    this.#batcher.pressure.add(1, incoming.body.length);
  }

  /** The judge of silence hears of every report as it comes, early or late. */
  #meet(report: Report): void {
    const { rules, deafUntil } = this.#world;
    // What people say is no word of the terminal.
    if (!rules.judge || !this.judged || report.eventsOnly) return;
    const met = rules.judge.contact(this.contact, report, rules.judge.bearing(this.judged), deafUntil());
    this.contact = met.state;
    if (met.changes.length === 0) return;
    this.#contactChanges.push(...met.changes);
    this.#keeping.insist();
  }

  #judgeInOrder({ report, body, ack }: Incoming, met: boolean): void {
    const { rules, counts, log } = this.#world;
    const { draft } = this.#batcher;
    const before = this.judged;
    if (rules.judge) {
      try {
        const { state, changes } = rules.judge.judge(before, report);
        this.judged = state;
        if (before) {
          const mark = checkpointBetween(before, report.time);
          if (mark) draft.checkpoints.push({ vehicleKey: this.vehicleKey, time: mark, judge: before });
        }
        if (!met) this.#meet(report);
        for (const change of changes) this.#change(change, report.backfill);
        if (rules.plan) {
          const cause = this.#watch.take(rules.plan, state, report, this.vehicleKey);
          if (cause) draft.outbox.push(cause);
        }
        // Met while it waited, its contact was kept, perhaps, before it is stored.
        if (met || changes.length > 0) this.#keeping.insist();
      } catch (error) {
        counts.events.add('judge_failed');
        log.error({ err: error, vehicle: this.vehicle, time: report.time }, 'the judge failed on a report');
      }
    }
    counts.reports.add('accepted');
    this.#store(report, body, ack);
  }

  /** Puts the row into the next commit, with the vehicle's state. */
  #store(report: Report, body: Uint8Array, ack: OwedAck | null): void {
    this.#recent.add(report);
    if (!report.eventsOnly && (!this.last || report.time >= this.last.time)) this.last = report;
    this.#keeping.stored(report, this.run(), this.#world.rules.version);
    this.#batcher.addReport(this, { vehicleKey: this.vehicleKey, report, body }, ack);
  }

  #change({ kind, finding }: FindingChange, backfill = false): void {
    const { rules, counts } = this.#world;
    const { draft } = this.#batcher;
    counts.findings.add(kind);
    const late = this.#lateFindings.has(finding.id);
    if (late && kind === 'closed') this.#lateFindings.delete(finding.id);
    const write = rules.concerning(this.vehicleKey, late ? { ...finding, late: true } : finding, null);
    draft.addFinding(write);
    const cause = kind === 'opened' ? findingCause(write, backfill) : null;
    if (cause) draft.outbox.push(cause);
  }

  get hasLate(): boolean {
    return this.waiting.some((w) => this.isLate(w.report));
  }

  /** The late ones among the waiting, taken out in order of arrival. */
  takeLate(): Incoming[] {
    const late = this.waiting.filter((w) => this.isLate(w.report));
    if (late.length > 0) this.waiting = this.waiting.filter((w) => !late.includes(w));
    for (const { body } of late) this.#batcher.pressure.release(1, body.length);
    return late;
  }

  /** Stores late reports together with what judging them in their place has changed. */
  storeLate(
    late: readonly Incoming[],
    rejudged: Rejudged | null,
    outcome: 'late' | 'too_late_to_judge',
  ): void {
    if (this.state === 'lost') return;
    const { rules, counts } = this.#world;
    const { draft } = this.#batcher;
    // What was judged in another order than it is stored in cannot be folded again from before it.
    this.#keeping.insist();
    if (rejudged) {
      this.judged = rejudged.state;
      for (const mark of rejudged.checkpoints)
        draft.checkpoints.push({ vehicleKey: this.vehicleKey, ...mark });
      for (const { finding, replaces } of rejudged.writes) {
        counts.findings.add(finding.late ? 'late' : 'updated');
        if (finding.late && finding.end === null) this.#lateFindings.add(finding.id);
        draft.addFinding(rules.concerning(this.vehicleKey, finding, replaces));
      }
      for (const finding of rejudged.retractions) {
        counts.findings.add('retracted');
        draft.addRetraction(this.vehicleKey, rules.concerning(this.vehicleKey, finding, null));
      }
    }
    for (const { report, body, ack } of late) {
      counts.reports.add(outcome);
      this.#store(report, body, ack);
    }
  }

  /** Goes on with what waited, unless one of it is late once more. */
  resume(): void {
    if (this.state === 'lost') return;
    this.state = 'live';
    const { waiting } = this;
    this.waiting = [];
    for (const incoming of waiting) {
      if (this.stateNow() === 'waiting') {
        this.waiting.push(incoming);
        continue;
      }
      this.#batcher.pressure.release(1, incoming.body.length);
      this.#takeLive(incoming, true);
    }
    this.#tellIfSettled();
  }

  /** For the commit: under which epoch, and the vehicle's state where it is to be kept. */
  write(): VehicleWrite {
    if (this.#contactChanges.length > 0) {
      for (const change of this.#contactChanges.splice(0)) this.#change(change);
    }
    this.newest = this.last;
    this.newestJudged = this.judged;
    return { vehicleKey: this.vehicleKey, epoch: this.epoch, kept: this.#keeping.take(this.#snapshot) };
  }

  readonly #snapshot = (): VehicleSnapshot => ({
    judge: this.judged,
    contact: this.contact,
    progress: this.#progress(),
    last: this.last,
    planVersion: this.#world.rules.version,
  });

  #progress(): RunProgress | null {
    const { judge } = this.#world.rules;
    return judge && this.judged ? judge.progress(this.judged) : null;
  }

  run(): RunNow | null {
    const { judge } = this.#world.rules;
    return judge && this.judged ? judge.run(this.judged) : null;
  }

  /** Nothing of it is uncommitted. */
  get settled(): boolean {
    return this.state === 'lost' || (this.#unsettledBatches === 0 && this.state === 'live');
  }

  /** All of its commits that were under way are done. */
  get committed(): boolean {
    return this.#unsettledBatches === 0;
  }

  whenSettled(): Promise<void> {
    return this.#when(() => this.settled);
  }

  whenCommitted(): Promise<void> {
    return this.#when(() => this.committed || this.state === 'lost');
  }

  async #when(met: () => boolean): Promise<void> {
    while (!met()) await new Promise<void>((resolve) => this.#settled.push(resolve));
  }

  enterBatch(): void {
    this.#unsettledBatches += 1;
  }

  leaveBatch(): void {
    this.#unsettledBatches -= 1;
    this.#tellIfSettled();
  }

  #tellIfSettled(): void {
    if (this.#unsettledBatches > 0 && this.state !== 'lost') return;
    for (const tell of this.#settled.splice(0)) tell();
  }

  /** Nothing of it may be committed any more; what was not acknowledged comes again by another connection. */
  lose(reason: string): void {
    if (this.state === 'lost') return;
    this.state = 'lost';
    for (const { body } of this.waiting.splice(0)) this.#batcher.pressure.release(1, body.length);
    this.#batcher.draft.drop(this);
    this.owner?.laneLost(reason);
    this.owner = null;
    this.#tellIfSettled();
  }

  /** Reads the state afresh, past what the compiler infers inside a loop that may change it. */
  private stateNow(): VehicleLane['state'] {
    return this.state;
  }
}
