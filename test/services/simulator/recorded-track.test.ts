import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPlan } from '../../../geo/plan/build-plan.ts';
import type { Plan } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { readPlanFiles } from '../../../services/plan/plan-files.ts';
import { readTrack } from '../../../services/replay/read-track.ts';
import { metresBetween } from '../../../services/simulator/path.ts';
import { planFleet } from '../../../services/simulator/plan-buses.ts';
import { startFleet } from '../../../services/simulator/run-fleet.ts';
import { describeWith, sharedFolder } from '../../support/needs.ts';
import { ScriptedPlatform } from './scripted-platform.ts';

describeWith('shared reference data', 'plain GTFS and recorded positions of a real bus network', () => {
  const folder = join(sharedFolder ?? '', 'data/wmata-bus-2026');
  let plan: Plan;
  let track: Report[];

  beforeAll(async () => {
    const built = buildPlan(await readPlanFiles(join(folder, 'gtfs.zip')), 'wmata');
    if (!built.ok) throw new Error(JSON.stringify(built.problems[0]));
    plan = built.plan;
    track = await readTrack(join(folder, 'positions.csv.gz'), plan, () => undefined);
  });

  const platform = new ScriptedPlatform();
  afterAll(() => platform.close());

  it('go out as they were recorded, one terminal a vehicle, each fix once', async () => {
    const port = await platform.listen();
    const sample = track.slice(0, 3000);
    const { done } = startFleet({ host: '127.0.0.1', port, plan, track: sample, speedup: 100_000 });
    const summary = await done;
    const vehicles = new Set(sample.map((report) => report.vehicle)).size;
    expect(summary).toMatchObject({
      terminals: vehicles,
      connected: vehicles,
      sent: 3000,
      acknowledged: 3000,
    });
    const plates = platform.of(0x0100).map((frame) => frame.body.toString('latin1'));
    for (const { vehicle } of sample) expect(plates.some((plate) => plate.endsWith(vehicle))).toBe(true);
  });

  it('can be driven by made-up buses that follow its timetable without a jump', () => {
    const noon = Date.parse('2026-02-16T12:00:00-05:00');
    const { buses } = planFleet(plan, 12, noon, 1);
    let farthestM = 0;
    let driving = 0;
    for (const bus of buses) {
      let last = bus.motion.at(noon);
      for (let s = 10; s <= 3600; s += 10) {
        const now = bus.motion.at(noon + s * 1000);
        farthestM = Math.max(farthestM, metresBetween([last.lon, last.lat], [now.lon, now.lat]));
        if (now.run) driving++;
        last = now;
      }
    }
    expect(farthestM).toBeLessThan(300);
    expect(driving).toBeGreaterThan(12 * 360 * 0.5);
  });
});
