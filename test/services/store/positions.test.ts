import { expect, it } from 'vitest';
import type { Report } from '../../../geo/report.ts';
import { describeStores } from './backends.ts';
import { batch, position, report, T, vehicleWrite } from './values.ts';

const DAY_MS = 86_400_000;

describeStores(
  'positions',
  (opened) => {
    const stored = async (vehicle: string, reports: readonly Report[]) => {
      const { vehicleKey, epoch } = await opened.store.ingest.claim(vehicle);
      await opened.store.ingest.commit(
        batch({
          vehicles: [vehicleWrite(vehicle, vehicleKey, epoch, { last: reports.at(-1) ?? null })],
          positions: reports.map((one) => position(vehicleKey, one)),
        }),
      );
      return vehicleKey;
    };
    const all = async (from: number, to: number) => {
      const chunks: Report[][] = [];
      for await (const chunk of opened.store.positions.all(from, to)) chunks.push(chunk);
      return chunks;
    };

    it('of every vehicle come in order of event time, in chunks, whatever their density', async () => {
      const dense = Array.from({ length: 40 }, (_, i) => report('A', { time: T + i * 10 }));
      const same = Array.from({ length: 15 }, (_, i) =>
        report('B', { time: T + 100, alarmFlags: i, receivedAt: T + i }),
      );
      const far = [report('C', { time: T - 9 * DAY_MS }), report('C', { time: T + DAY_MS })];
      await stored('A', dense);
      await stored('B', same);
      await stored('C', far);
      const chunks = await all(T - 30 * DAY_MS, T + DAY_MS);
      const reports = chunks.flat();
      expect(reports).toHaveLength(57);
      expect(reports.map((one) => one.time)).toEqual(reports.map((one) => one.time).sort((a, b) => a - b));
      expect(chunks.length).toBeGreaterThan(4);
      expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(20);
      expect((await all(T + 10, T + 30)).flat().map((one) => one.time)).toEqual([T + 10, T + 20, T + 30]);
      expect(await all(T + 2 * DAY_MS, T + 3 * DAY_MS)).toEqual([]);
    });

    it('of one vehicle are cut off at the limit', async () => {
      await stored(
        'A',
        [0, 1, 2, 3].map((i) => report('A', { time: T + i })),
      );
      const { positions } = opened.store;
      expect((await positions.track('A', T + 1, T + 3, 2)).map((one) => one.time)).toEqual([T + 1, T + 2]);
      expect(await positions.track('nobody', T, T, 2)).toEqual([]);
    });

    it('of a day whose partition retention took away get a new one', async () => {
      const key = await stored('A', [report('A')]);
      await opened.database.run('drop table positions_20261124');
      await stored('A', [report('A', { time: T + 1 })]);
      expect(await opened.store.ingest.reportsBetween(key, T, T + 1)).toHaveLength(1);
    });

    it('with an absurd time make no partition, and are kept in quarantine', async () => {
      const before = await partitions();
      const key = await stored('A', [
        report('A', { time: T + 400 * DAY_MS }),
        report('A', { time: 0 }),
        report('A'),
      ]);
      expect(await opened.store.ingest.reportsBetween(key, 0, T + 500 * DAY_MS)).toHaveLength(1);
      expect(await partitions()).toBe(before);
      const kept = await opened.database.rows("select reason, encode(frame, 'hex') as frame from quarantine");
      expect(kept).toEqual([
        { reason: 'time', frame: '010203' },
        { reason: 'time', frame: '010203' },
      ]);
    });
    const partitions = async () => {
      const sql = "select count(*)::int as n from pg_inherits where inhparent = 'positions'::regclass";
      return (await opened.database.rows<{ n: number }>(sql))[0]!.n;
    };

    it('are there as PostGIS geometry, now and then', async () => {
      await stored('A', [report('A', { positioned: false }), report('A', { time: T + 1 })]);
      await stored('B', [report('B', { positioned: false })]);
      expect(
        await opened.database.rows(
          'select vehicle, st_astext(geom) as place from position_now order by vehicle',
        ),
      ).toEqual([
        { vehicle: 'A', place: 'POINT(119.974061 31.772752)' },
        { vehicle: 'B', place: null },
      ]);
      expect(
        await opened.database.rows(
          `select vehicle, time from position_history
           where geom && st_makeenvelope(119.9, 31.7, 120, 31.8, 4326) order by time`,
        ),
      ).toEqual([{ vehicle: 'A', time: T + 1 }]);
    });
  },
  { chunkReports: 10, firstWindowMs: 500, now: () => T },
);
