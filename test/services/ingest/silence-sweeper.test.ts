import { Registry } from '@platformatic/prom-client';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { inProcessBus } from '../../../services/bus/in-process-bus.ts';
import { ingestCounts } from '../../../services/ingest/counts.ts';
import { Deafness } from '../../../services/ingest/deafness.ts';
import { QuietLog } from '../../../services/ingest/quiet-log.ts';
import { RulesInForce } from '../../../services/ingest/rules-in-force.ts';
import { SilenceSweeper } from '../../../services/ingest/silence-sweeper.ts';
import type { Store } from '../../../services/store/store.ts';
import { laneFixture } from '../../support/lane-fixture.ts';
import { type MemoryStore, memoryStore } from '../../support/memory-store.ts';
import { makePlainJudge } from '../../support/plain-judge.ts';
import { currentPlan, planOfVehicles } from '../../support/plans.ts';

const MINUTE = 60_000;
const silent = pino({ level: 'silent' });
const T = Date.UTC(2026, 10, 24);

function sweeperOver(memory: MemoryStore, deafUntil = 0) {
  const bus = inProcessBus(silent);
  const rules = new RulesInForce(
    currentPlan(planOfVehicles([{ id: 'V1', phone: '1' }])),
    makePlainJudge,
    () => undefined,
  );
  const sweeper = new SilenceSweeper({
    store: memory as unknown as Store,
    bus,
    rules,
    counts: ingestCounts(new Registry()),
    log: new QuietLog(silent),
    deafUntil: () => deafUntil,
  });
  const alerts: unknown[] = [];
  bus.subscribe('alert.>', (alert) => alerts.push(alert));
  return { sweeper, alerts };
}

async function reportedAt(memory: MemoryStore, time: number): Promise<void> {
  const fixture = laneFixture(memory);
  fixture.give(await fixture.open('V1'), 1, { time });
  await fixture.settle();
}

const offline = (memory: MemoryStore) => memory.findings('V1').filter((f) => f.rule === 'terminal_offline');

describe('the sweep for silent terminals', () => {
  it('finds a terminal silent when it is due, once, and its next report ends it', async () => {
    const memory = memoryStore();
    await reportedAt(memory, T);
    const { sweeper, alerts } = sweeperOver(memory);
    await sweeper.sweep(T + 2 * MINUTE);
    expect(offline(memory)).toEqual([]);
    await sweeper.sweep(T + 4 * MINUTE);
    await sweeper.sweep(T + 5 * MINUTE);
    expect(offline(memory)).toMatchObject([{ start: T, end: null }]);
    await expect.poll(() => alerts.length).toBe(1);
    await reportedAt(memory, T + 6 * MINUTE);
    expect(offline(memory)).toMatchObject([{ start: T, end: T + 6 * MINUTE }]);
  });

  it('measures from the last report, though the state was kept before it', async () => {
    const memory = memoryStore();
    const fixture = laneFixture(memory);
    const lane = await fixture.open('V1');
    for (const after of [0, 10_000, 20_000]) {
      fixture.give(lane, after, { time: T + after });
      await fixture.settle();
    }
    const { sweeper } = sweeperOver(memory);
    const kept = () => memory.batches.at(-1)?.vehicles[0]?.kept;
    expect(kept()).toBeNull();
    await sweeper.sweep(T + 3 * MINUTE + 10_000);
    expect(offline(memory)).toEqual([]);
    await sweeper.sweep(T + 3 * MINUTE + 30_000);
    expect(offline(memory)).toMatchObject([{ start: T + 20_000, end: null }]);
    await reportedAt(memory, T + 5 * MINUTE);
    expect(offline(memory)).toMatchObject([{ start: T + 20_000, end: T + 5 * MINUTE }]);
  });

  it('is done by one process at a time', async () => {
    const memory = memoryStore();
    await reportedAt(memory, T);
    const one = sweeperOver(memory).sweeper;
    const other = sweeperOver(memory).sweeper;
    await one.sweep(T + 2 * MINUTE);
    await other.sweep(T + 4 * MINUTE);
    expect(offline(memory)).toEqual([]);
  });

  it('passes over a terminal that speaks while it sweeps', async () => {
    const memory = memoryStore();
    await reportedAt(memory, T);
    const stale = await memory.ingest.silentSince(T + MINUTE);
    await reportedAt(memory, T + 4 * MINUTE - 1);
    memory.ingest.silentSince = async () => stale;
    const { sweeper, alerts } = sweeperOver(memory);
    await sweeper.sweep(T + 4 * MINUTE);
    // The report itself has found and ended the pause before it; the sweep adds nothing.
    expect(offline(memory)).toMatchObject([{ start: T, end: T + 4 * MINUTE - 1 }]);
    expect(alerts).toEqual([]);
  });

  it('does not hold an outage of the platform against a terminal', async () => {
    const memory = memoryStore();
    await reportedAt(memory, T);
    const { sweeper } = sweeperOver(memory, T + 10 * MINUTE);
    await sweeper.sweep(T + 12 * MINUTE);
    expect(offline(memory)).toEqual([]);
    await sweeper.sweep(T + 14 * MINUTE);
    expect(offline(memory)).toMatchObject([{ start: T + 10 * MINUTE }]);
  });
});

describe('deafness', () => {
  it('begins where nobody has listened for long, and not where another process has', async () => {
    const memory = memoryStore();
    const now = Date.now();
    const first = new Deafness(memory as unknown as Store, new QuietLog(silent));
    await first.start(now);
    expect(first.until).toBe(now);
    const second = new Deafness(memory as unknown as Store, new QuietLog(silent));
    await second.start(now + 1_000);
    expect(second.until).toBe(0);
    first.close();
    second.close();
  });
});
