import { Registry } from '@platformatic/prom-client';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { Plan } from '../../../geo/plan/plan.ts';
import { inProcessBus } from '../../../services/bus/in-process-bus.ts';
import { ingestCounts } from '../../../services/ingest/counts.ts';
import type { LiveAlert } from '../../../services/ingest/live-events.ts';
import { QuietLog } from '../../../services/ingest/quiet-log.ts';
import { RulesInForce } from '../../../services/ingest/rules-in-force.ts';
import { SilenceSweeper } from '../../../services/ingest/silence-sweeper.ts';
import type { Store } from '../../../services/store/store.ts';
import { reportAt } from '../../support/lane-fixture.ts';
import { makePlainJudge } from '../../support/plain-judge.ts';
import { currentPlan, planOfVehicles } from '../../support/plans.ts';
import { describeStores } from '../store/backends.ts';

const MINUTE = 60_000;
const T = Date.UTC(2026, 10, 24);
const silent = pino({ level: 'silent' });

/** Ten vehicles of one provider, of which seven report on. */
const VEHICLES = Array.from({ length: 10 }, (_, i) => `V${i}`);

function planOfOneProvider(): Plan {
  const plan = planOfVehicles(VEHICLES.map((id, i) => ({ id, phone: String(i + 1) })));
  const vehicles = new Map([...plan.vehicles].map(([id, vehicle]) => [id, { ...vehicle, operatorId: 'OP' }]));
  return { ...plan, vehicles };
}

describeStores('a provider whose link is down', (opened) => {
  async function setUp() {
    const { store } = opened;
    const bus = inProcessBus(silent);
    const alerts: LiveAlert[] = [];
    bus.subscribe('alert.>', (alert) => alerts.push(alert as LiveAlert));
    const rules = new RulesInForce(currentPlan(planOfOneProvider()), makePlainJudge, () => undefined);
    const counts = ingestCounts(new Registry());
    const world = {
      store: store as Store,
      bus,
      rules,
      counts,
      log: new QuietLog(silent),
      deafUntil: () => 0,
    };
    const heard = async (vehicle: string, time: number) => {
      const { vehicleKey, epoch, snapshot } = await store.ingest.claim(vehicle);
      const report = reportAt(vehicle, time, 30);
      const judged = rules.judge!.judge(snapshot.judge, report);
      const met = rules.judge!.contact(snapshot.contact, report, rules.judge!.bearing(judged.state), 0);
      const kept = {
        judge: judged.state,
        contact: met.state,
        progress: null,
        last: report,
        planVersion: 'test',
      };
      await store.ingest.commit({
        vehicles: [{ kept, vehicleKey, epoch }],
        positions: [{ vehicleKey, report, body: new Uint8Array([1]) }],
        findings: met.changes.map(({ finding }) => rules.concerning(vehicleKey, finding, null)),
        retractions: [],
        checkpoints: [],
        silences: [],
        quarantine: [],
        outbox: [],
      });
    };
    const listed = async (query: object = {}) =>
      (await store.findings.list({ limit: 99, rules: ['terminal_offline'], ...query })).map(
        ({ finding }) => finding,
      );
    return { sweeper: new SilenceSweeper(world), alerts, heard, listed };
  }

  it('is one incident, under which its terminals are held until they are back or told of after all', async () => {
    const { sweeper, alerts, heard, listed } = await setUp();
    for (const [i, vehicle] of VEHICLES.entries())
      await heard(vehicle, T + (i < 5 ? i * 10_000 : 5 * MINUTE));
    await sweeper.sweep(T + 3 * MINUTE + 1_000);
    const [incident, ...others] = await listed();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      vehicle: 'operator:OP',
      start: T,
      end: null,
      evidence: { reason: 'provider_outage', provider: 'OP', vehicles: 5, of: 10 },
    });
    await sweeper.sweep(T + 4 * MINUTE);
    const held = await listed({ incident: incident?.id });
    expect(held.map((finding) => finding.vehicle).sort()).toEqual(VEHICLES.slice(0, 5));
    await expect.poll(() => alerts.length).toBe(1);
    expect(alerts[0]?.finding.vehicle).toBe('operator:OP');

    for (const vehicle of VEHICLES.slice(1)) {
      await heard(vehicle, T + 7 * MINUTE);
      await heard(vehicle, T + 7 * MINUTE + 5_000);
    }
    await sweeper.sweep(T + 8 * MINUTE);
    const now = await listed({});
    expect(now.find((finding) => finding.id === incident?.id)?.end).toBe(T + 8 * MINUTE);
    expect(now.filter((finding) => finding.end === null).map((finding) => finding.vehicle)).toEqual(['V0']);
  });

  it('is none where a single bus is silent', async () => {
    const { sweeper, heard, listed } = await setUp();
    for (const [i, vehicle] of VEHICLES.entries()) await heard(vehicle, T + (i < 1 ? 0 : 5 * MINUTE));
    await sweeper.sweep(T + 4 * MINUTE);
    expect((await listed()).map((finding) => finding.vehicle)).toEqual(['V0']);
  });
});
