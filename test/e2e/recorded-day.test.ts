import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measureLine } from '../../geo/geometry/line.ts';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { AlertView, PositionView } from '../../services/api/contract.ts';
import { readPlanFiles } from '../../services/plan/plan-files.ts';
import { busguard, type CommandResult } from '../support/busguard.ts';
import { describeWith, sharedFolder } from '../support/needs.ts';
import { getJson, type Service, signIn, startService } from '../support/service.ts';

/** Thirty-five minutes of the day in which two buses exceed 60 km/h; twenty times as fast they pass in 105 s. */
const FROM = '2026-02-16T18:40:00Z';
const TO = '2026-02-16T19:15:00Z';
const SPEEDUP = 20;

const facts = ({ id, rule, vehicle, trip, severity, start, end, late }: { [key: string]: unknown }) => ({
  id,
  rule,
  vehicle,
  trip,
  severity,
  start: Date.parse(start as string),
  end: end === null ? null : Date.parse(end as string),
  late,
});
const byId = (a: { id: unknown }, b: { id: unknown }) => String(a.id).localeCompare(String(b.id));

describeWith(
  'shared reference data',
  'a recorded day of city buses on the plain GTFS of their agency',
  () => {
    const data = join(sharedFolder ?? '', 'data/wmata-bus-2026');
    const folder = mkdtempSync(join(tmpdir(), 'busguard-day-'));
    const env = { DATA_DIR: join(folder, 'data') };
    const seen = new Map<string, PositionView[]>();
    let plan: Plan;
    let rows: string[][];
    let service: Service;
    let simulated: CommandResult;
    let alerts: AlertView[];
    let replayed: CommandResult;

    beforeAll(async () => {
      const built = buildPlan(await readPlanFiles(join(data, 'gtfs.zip')), 'day');
      if (!built.ok) throw new Error('the feed does not build');
      plan = built.plan;
      const [header, ...all] = gunzipSync(readFileSync(join(data, 'positions.csv.gz')))
        .toString('utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(','));
      rows = all.filter((row) => (row[1] as string) >= FROM && (row[1] as string) < TO);
      const track = join(folder, 'track.csv');
      writeFileSync(track, [header as string[], ...rows].map((row) => row.join(',')).join('\n'));

      const imported = await busguard(['import', '--plan', join(data, 'gtfs.zip')], { env });
      expect(imported.code, imported.stderr + imported.stdout).toBe(0);
      service = await startService({ args: ['--no-demo'], env });
      const cookie = await signIn(service.httpPort, {
        login: 'admin',
        password: service.logins.get('admin') ?? '',
      });
      let over = false;
      const watch = async () => {
        while (!over) {
          const latest = await getJson<{ items: PositionView[] }>(
            service.httpPort,
            '/api/v1/positions/latest',
            cookie,
          );
          for (const position of latest.items) {
            const list = seen.get(position.vehicle) ?? [];
            if (list.at(-1)?.time !== position.time) list.push(position);
            seen.set(position.vehicle, list);
          }
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
      };
      const watching = watch();
      simulated = await busguard([
        'simulate',
        ...['--track', track, '--speedup', String(SPEEDUP)],
        ...['--target', `127.0.0.1:${service.ingestPort}`],
      ]);
      over = true;
      await watching;
      alerts = (
        await getJson<{ items: AlertView[] }>(service.httpPort, '/api/v1/alerts?limit=200', cookie)
      ).items.filter((alert) => !alert.retracted);
      await service.stop();
      replayed = await busguard(
        ['replay', '--database', '--from', '2026-02-16T00:00:00Z', '--to', '2026-02-17T23:00:00Z'],
        { env },
      );
    }, 420_000);

    afterAll(async () => {
      await service?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('every recorded fix goes over TCP and is acknowledged', () => {
      expect(simulated.code, simulated.stderr).toBe(0);
      const summary = simulated.lines.at(-1);
      expect(summary).toMatchObject({ sent: rows.length, acknowledged: rows.length, unacknowledged: 0 });
    });

    it('the buses are seen moving on their routes', () => {
      const vehicles = new Set(rows.map((row) => row[0]));
      expect(new Set(seen.keys())).toEqual(vehicles);
      const moved = [...seen.values()].filter(
        (list) => measureLine(list.map(({ lon, lat }) => [lon, lat] as const)).lengthM > 1_000,
      );
      expect(moved.length).toBeGreaterThan(vehicles.size / 2);
      // What the service takes for the run is, nearly always, the line that the agency says the bus was on.
      const lineOf = new Map(rows.map((row) => [`${row[0]} ${Date.parse(row[1] as string)}`, row[6]]));
      const onRun = [...seen.values()].flat().filter((position) => position.run !== null);
      const right = onRun.filter(
        ({ vehicle, time, run }) =>
          plan.trips.get(run?.trip ?? '')?.routeId === lineOf.get(`${vehicle} ${Date.parse(time)}`),
      );
      expect(onRun.length).toBeGreaterThan(200);
      expect(right.length / onRun.length).toBeGreaterThan(0.95);
    });

    it('the day replayed from the database gives the same findings', () => {
      expect(replayed.code, replayed.stderr).toBe(0);
      expect(replayed.lines.map(facts).sort(byId)).toEqual(
        alerts.map((alert) => facts(alert as unknown as { [key: string]: unknown })).sort(byId),
      );
      expect(alerts.map((alert) => alert.rule)).toContain('speeding');
    });
  },
);
