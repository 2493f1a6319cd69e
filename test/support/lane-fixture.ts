import { Registry } from '@platformatic/prom-client';
import { pino } from 'pino';
import type { Finding } from '../../geo/finding.ts';
import type { MakeJudge } from '../../geo/judge.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import { Batchers } from '../../services/ingest/batchers.ts';
import { type IngestCounts, ingestCounts } from '../../services/ingest/counts.ts';
import { Lanes } from '../../services/ingest/lanes.ts';
import { DEFAULT_LIMITS, type IngestLimits } from '../../services/ingest/limits.ts';
import { OwedAck } from '../../services/ingest/owed-ack.ts';
import { PoisonQuota } from '../../services/ingest/poison.ts';
import { Pressure } from '../../services/ingest/pressure.ts';
import { QuietLog } from '../../services/ingest/quiet-log.ts';
import { rejudgeLane } from '../../services/ingest/rejudge-lane.ts';
import { RulesInForce } from '../../services/ingest/rules-in-force.ts';
import type { VehicleLane } from '../../services/ingest/vehicle-lane.ts';
import type { MemoryStore } from './memory-store.ts';
import { makePlainJudge } from './plain-judge.ts';
import { currentPlan, planOfVehicles } from './plans.ts';

export interface LaneFixture {
  readonly lanes: Lanes;
  readonly batchers: Batchers;
  readonly counts: IngestCounts;
  readonly acked: number[];
  open(vehicle: string): Promise<VehicleLane>;
  /** Hands a report over as its terminal would; its serial is what `acked` holds once it is answered. */
  give(lane: VehicleLane, serial: number, at: { time: number; speedKmh?: number; backfill?: boolean }): void;
  /** Hands over a report made elsewhere; it arrives now. */
  giveReport(lane: VehicleLane, serial: number, report: Report): void;
  settle(): Promise<void>;
}

/** Lanes over a store in memory, without any socket. */
export function laneFixture(
  memory: MemoryStore,
  makeJudge: MakeJudge = makePlainJudge,
  given: Partial<IngestLimits> = {},
  plan: Plan = planOfVehicles([{ id: 'V1', phone: '1' }]),
): LaneFixture {
  const limits = { ...DEFAULT_LIMITS, batchWaitMs: 0, retryFirstMs: 1, retryLongestMs: 2, ...given };
  const counts = ingestCounts(new Registry());
  const log = new QuietLog(pino({ level: 'silent' }));
  const rules = new RulesInForce(currentPlan(plan), makeJudge, () => undefined);
  const pressure = new Pressure(limits, counts, () => undefined);
  const acked: number[] = [];
  const batchers = new Batchers({
    store: memory.ingest,
    limits,
    counts,
    pressure,
    log,
    poison: new PoisonQuota(limits.maxPoisonedPerMinute),
    flushAnswers: () => undefined,
    committed: () => undefined,
  });
  const ending = new AbortController().signal;
  const world = { store: memory.ingest, rules, limits, counts, log, ending };
  const lanes = new Lanes(
    { rules, batchers, counts, log, deafUntil: () => 0, rejudge: (lane) => void rejudgeLane(world, lane) },
    memory.ingest,
    limits,
    ending,
  );
  const hand = (lane: VehicleLane, serial: number, report: Report): void => {
    const arrived = { ...report, receivedAt: lane.nextReceivedAt(report.receivedAt), serial };
    lane.take({ report: arrived, body: new Uint8Array(28), ack: new OwedAck(sink, serial, 0x0200) });
  };
  const sink = { acknowledge: (serial: number) => void acked.push(serial) };
  return {
    lanes,
    batchers,
    counts,
    acked,
    async open(vehicle) {
      const lane = await lanes.claim(vehicle, { order: 1, laneLost: () => undefined, closed: false });
      if (!lane) throw new Error('the lane could not be claimed');
      return lane;
    },
    give(lane, serial, { time, speedKmh = 30, backfill = false }) {
      hand(lane, serial, reportAt(lane.vehicle, time, speedKmh, time, serial, backfill));
    },
    giveReport: hand,
    settle: () => lanes.whenAllSettled(),
  };
}

export const reportAt = (
  vehicle: string,
  time: number,
  speedKmh: number,
  receivedAt = time,
  serial = 0,
  backfill = false,
): Report => ({
  vehicle,
  time,
  receivedAt,
  lat: 31.8,
  lon: 120 + speedKmh / 1e6,
  positioned: true,
  speedKmh,
  recorderSpeedKmh: null,
  directionDeg: 90,
  altitudeM: 10,
  accOn: true,
  alarmFlags: 0,
  statusFlags: 3,
  satellites: null,
  mileageKm: null,
  backfill,
  serial,
});

/** The findings of a fold in order of event time, without whether they were found late. */
export function foldInOrder(
  reports: readonly Report[],
  makeJudge: MakeJudge = makePlainJudge,
  plan: Plan = planOfVehicles([{ id: 'V1', phone: '1' }]),
): Finding[] {
  const judge = makeJudge(plan);
  const findings = new Map<string, Finding>();
  let state = null;
  for (const report of [...reports].sort((a, b) => a.time - b.time || a.receivedAt - b.receivedAt)) {
    const judged: ReturnType<typeof judge.judge> = judge.judge(state, report);
    state = judged.state;
    for (const { finding } of judged.changes) findings.set(finding.id, finding);
  }
  return [...findings.values()];
}

/** For comparing findings apart from lateness, in a fixed order. */
export const plainly = (findings: readonly Finding[]): Finding[] =>
  findings.map((f) => ({ ...f, late: false })).sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
