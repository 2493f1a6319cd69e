import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Report } from '../../../geo/report.ts';
import { describeStores } from './backends.ts';
import { batch, finding, findingWrite, position, T, vehicleWrite } from './values.ts';

const DAY_MS = 86_400_000;
const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const orNull = <V>(arbitrary: fc.Arbitrary<V>) => fc.option(arbitrary, { nil: null });
const word = fc.integer({ min: 0, max: 0xffff_ffff });
const near = fc.integer({ min: T - 3 * DAY_MS, max: T });

const anyReport: fc.Arbitrary<Report> = fc.record(
  {
    vehicle: fc.constant('苏D·1234 é'),
    time: near,
    receivedAt: near,
    lat: fc.double({ min: -90, max: 90, noNaN: true }),
    lon: fc.double({ min: -180, max: 180, noNaN: true }),
    positioned: fc.boolean(),
    speedKmh: orNull(double),
    recorderSpeedKmh: orNull(double),
    directionDeg: orNull(double),
    altitudeM: orNull(double),
    accOn: orNull(fc.boolean()),
    alarmFlags: word,
    statusFlags: word,
    satellites: orNull(fc.nat(255)),
    mileageKm: orNull(double),
    backfill: fc.boolean(),
    serial: orNull(fc.nat(0xffff)),
  },
  { noNullPrototype: true },
);

describeStores('values', (opened) => {
  it('come back exactly as they were, bit for bit', async () => {
    const { ingest, positions } = opened.store;
    const { vehicleKey, epoch } = await ingest.claim('苏D·1234 é');
    const bytes = fc.uint8Array({ maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyReport, bytes), { minLength: 1, maxLength: 20 }),
        async (given) => {
          await opened.database.run('truncate positions');
          // One at each time, since two that differ in nothing of the key are one.
          const byTime = new Map(given.map(([of, body]) => [of.time, position(vehicleKey, of, [...body])]));
          const rows = [...byTime.values()].sort((a, b) => a.report.time - b.report.time);
          const last = rows.at(-1)!.report;
          const vehicles = [vehicleWrite(last.vehicle, vehicleKey, epoch, { last })];
          await ingest.commit(batch({ vehicles, positions: rows }));
          expect(await ingest.reportsBetween(vehicleKey, 0, T)).toStrictEqual(rows);
          expect((await positions.latest())[0]?.last).toStrictEqual(last);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('JSON of the judge and of evidence comes back as it was, with characters no database likes', async () => {
    const { ingest, findings } = opened.store;
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        // JSON has no negative zero.
        const plain = JSON.parse(JSON.stringify(value)) as never;
        const judge = { vehicle: 'A', time: T, plain, odd: '\0 \ud800' } as never;
        const { vehicleKey, epoch } = await ingest.claim('A');
        await ingest.commit(
          batch({
            vehicles: [vehicleWrite('A', vehicleKey, epoch, { judge })],
            findings: [
              findingWrite(vehicleKey, finding('A', { id: 'f', evidence: { odd: 'a\0\ud800b', plain } })),
            ],
          }),
        );
        expect((await ingest.claim('A')).snapshot.judge).toEqual(judge);
        expect((await findings.get('f'))?.finding.evidence).toEqual({ odd: 'a\ufffd\ufffdb', plain });
      }),
      { numRuns: 15 },
    );
  });
});
