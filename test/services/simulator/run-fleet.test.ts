import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildPlan } from '../../../geo/plan/build-plan.ts';
import { rowReport } from '../../../services/replay/track-row.ts';
import { demoPlanFiles } from '../../../services/simulator/demo-plan.ts';
import { type Fleet, type FleetOptions, startFleet } from '../../../services/simulator/run-fleet.ts';
import { phoneFor } from '../../../services/simulator/terminal-identity.ts';
import { ScriptedPlatform } from './scripted-platform.ts';

const built = buildPlan(demoPlanFiles(), 'demo');
if (!built.ok) throw new Error('the demo plan is not valid');
const { plan } = built;

let platform: ScriptedPlatform;
let port: number;
let fleet: Fleet | null;

beforeEach(async () => {
  platform = new ScriptedPlatform();
  port = await platform.listen();
  fleet = null;
});

afterEach(async () => {
  fleet?.stop();
  await fleet?.done;
  await platform.close();
});

function run(options: Partial<FleetOptions>): Fleet {
  fleet = startFleet({ host: '127.0.0.1', port, plan, connectSpreadMs: 0, ...options });
  return fleet;
}

const track = (vehicle: string, seconds: readonly number[]) =>
  seconds.map((s) =>
    rowReport({
      vehicle,
      time: Date.parse('2026-02-16T15:58:02Z') + s * 1000,
      receivedAt: 0,
      lat: 38.9 + s * 1e-5,
      lon: -77.04,
      speedKmh: 20,
    }),
  );

describe('a fleet', () => {
  it('drives the plan until it is told to stop, and says what it did', async () => {
    const { done } = run({
      buses: 60,
      intervalS: 10,
      speedup: 200,
      startAt: Date.parse('2026-11-24T07:30:00+08:00'),
    });
    const speaking = () => new Set(platform.of(0x0200).map((frame) => frame.phone)).size;
    await platform.until(() => speaking() === 60);
    fleet?.stop();
    const summary = await done;
    expect(summary.terminals).toBe(60);
    expect(summary.connected).toBe(60);
    expect(summary.acknowledged).toBe(summary.sent);
    expect(summary.sent).toBe(new Set(platform.of(0x0200).map((f) => `${f.phone} ${f.serial}`)).size);
    expect(summary.unacknowledged).toBe(0);
    expect(summary.ackLatencyMs.p50).toBeGreaterThan(0);
  });

  it('ends by itself after its duration', async () => {
    const summary = await run({ buses: 3, intervalS: 1, durationS: 0.3 }).done;
    expect(summary.connected).toBe(3);
  });

  it('ends although nobody ever answers', async () => {
    platform.answer = () => 'none';
    const summary = await run({ buses: 3, durationS: 0.2, drainMs: 100 }).done;
    expect(summary).toMatchObject({ terminals: 3, connected: 0, sent: 0 });
  });

  it('sends a recorded track with its own times, one terminal a vehicle, and ends when all of it is acknowledged', async () => {
    const reports = [...track('1041', [0, 30, 60, 91]), ...track('1042', [15, 45])];
    const summary = await run({ track: reports, speedup: 500 }).done;
    expect(summary).toMatchObject({ terminals: 2, connected: 2, sent: 6, acknowledged: 6 });
    const first = platform.of(0x0200).filter((frame) => frame.phone.endsWith(phoneFor('1041')));
    const clock = first.map((frame) => frame.body.subarray(22, 28).toString('hex'));
    expect(clock).toEqual(['260216235802', '260216235832', '260216235902', '260216235933']);
    // West of Greenwich: the sign is in the status word.
    for (const frame of first) {
      expect(frame.body.readUInt32BE(4) & 0b1100).toBe(0b1000);
      expect(frame.body.readUInt32BE(12)).toBe(77_040_000);
    }
    const plates = platform.of(0x0100).map((frame) => frame.body.subarray(-4).toString('latin1'));
    expect(plates.sort()).toEqual(['1041', '1042']);
  });

  it('takes the terminals of the plan for a track of its vehicles', async () => {
    await run({ track: track('B01', [0, 1]), speedup: 100 }).done;
    expect(platform.of(0x0200)[0]?.phone).toBe('010000000001');
  });
});
