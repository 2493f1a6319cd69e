import { expect, it } from 'vitest';
import type { Report } from '../../../geo/report.ts';
import { resolve } from '../../../services/desk/handling.ts';
import { startRollUp } from '../../../services/reports/roll-up.ts';
import { currentPlan } from '../../support/plans.ts';
import { smallPlan } from '../api/small-plan.ts';
import { describeStores, quiet } from './backends.ts';
import { batch, finding, findingWrite, position, report, vehicleWrite } from './values.ts';

const DAY = '2026-11-24';
const at = (clock: string): number => Date.parse(`${DAY}T${clock}+08:00`);
/** Metres to degrees of latitude, as the rolling up measures them. */
const north = (metres: number): number => metres / 111_195;
const LAT = 31.7;
const LON = 119.9;

describeStores('figures of supervision', (opened) => {
  async function drive(vehicle: string, fixes: readonly Partial<Report>[]): Promise<void> {
    const { vehicleKey, epoch } = await opened.store.ingest.claim(vehicle);
    const reports = fixes.map((over, i) =>
      report(vehicle, { lat: LAT, lon: LON, receivedAt: (over.time ?? 0) + 500, serial: i, ...over }),
    );
    await opened.store.ingest.commit(
      batch({
        vehicles: [vehicleWrite(vehicle, vehicleKey, epoch)],
        positions: reports.map((one) => position(vehicleKey, one)),
      }),
    );
  }
  const figuresOf = async (vehicle: string) => {
    await opened.store.reports.rollDay(DAY, [], 1);
    const [figures] = await opened.store.reports.vehicleFigures(DAY, DAY, { vehicles: [vehicle] });
    return figures;
  };

  it('way driven, what of it was reported without a gap, and time online', async () => {
    await drive('A', [
      { time: at('07:00:00') },
      { time: at('07:00:10'), lat: LAT + north(100) },
      // Five minutes and 2 km without a word.
      { time: at('07:05:10'), lat: LAT + north(2_100) },
      // A long time at one place is no gap of the way.
      { time: at('07:15:10'), lat: LAT + north(2_150) },
    ]);
    const figures = await figuresOf('A');
    expect(figures).toMatchObject({
      days: 1,
      reports: 4,
      qualified: 4,
      drifts: 0,
      driftDays: 0,
      onlineS: 10,
    });
    expect(figures?.drivenM).toBeCloseTo(2_150, 0);
    expect(figures?.completeM).toBeCloseTo(150, 0);
  });

  it('drift is no way driven; what cannot be is not qualified', async () => {
    await drive('B', [
      { time: at('07:00:00') },
      { time: at('07:00:10'), lat: LAT + north(5_000) },
      { time: at('07:00:20') },
      { time: at('07:00:30'), speedKmh: 400 },
      { time: at('07:00:40'), lat: 0, lon: 0 },
      { time: at('07:00:50'), positioned: false },
      { time: at('07:01:00'), receivedAt: at('06:50:00') },
    ]);
    expect(await figuresOf('B')).toMatchObject({ reports: 7, qualified: 3, drifts: 2, drivenM: 0 });
  });

  it('are the same however often a day is rolled up, and of that day alone', async () => {
    await drive('C', [{ time: at('00:00:00') }, { time: at('23:59:59') }, { time: at('00:00:00') - 1 }]);
    await opened.store.reports.rollDay(DAY, [], 1);
    expect(await figuresOf('C')).toMatchObject({ reports: 2 });
    expect(await opened.store.reports.rolledDays(DAY, DAY)).toEqual(new Map([[DAY, 1]]));
    expect(await opened.store.reports.dayFigures(DAY, DAY, {})).toMatchObject([
      { day: DAY, vehicles: 1, reports: 2 },
    ]);
  });

  it('who stands at which gate in which quarter of an hour', async () => {
    const gates = [
      { id: 'S1', lat: LAT, lon: LON },
      { id: 'S2', lat: LAT + north(90), lon: LON },
      { id: 'far', lat: LAT + 0.01, lon: LON },
    ];
    const standing = (lat: number, from: string, count: number) =>
      Array.from({ length: count }, (_, i) => ({ time: at(from) + i * 10_000, lat, speedKmh: 0 }));
    await drive('D', [...standing(LAT, '07:14:30', 7), { time: at('07:15:40'), lat: LAT, speedKmh: 30 }]);
    await drive('E', standing(LAT + north(-50), '07:16:00', 4));
    await opened.store.reports.rollDay(DAY, gates, 1);
    const found = await opened.store.reports.gateQuarters(DAY, DAY, ['S1', 'far']);
    expect(found).toEqual([
      { school: 'S1', quarter: 28, days: 1, visits: 1, stoodS: 30, longestS: 30, most: 1 },
      { school: 'S1', quarter: 29, days: 1, visits: 2, stoodS: 70, longestS: 40, most: 2 },
    ]);
    const all = await opened.store.reports.gateQuarters(DAY, DAY, null);
    expect(all.filter(({ school }) => school === 'S2').map(({ visits }) => visits)).toEqual([1, 1]);
  });

  it('findings by vehicle, day and place, but for those that count as none', async () => {
    const { vehicleKey, epoch } = await opened.store.ingest.claim('F');
    const vehicles = [vehicleWrite('F', vehicleKey, epoch)];
    const write = (id: string, over: Parameters<typeof finding>[1] = {}) =>
      findingWrite(vehicleKey, finding('F', { id, start: at('07:30:00'), lat: LAT, lon: LON, ...over }));
    await opened.store.ingest.commit(
      batch({
        vehicles,
        findings: [
          write('one'),
          write('two', { rule: 'harsh_driving', severity: 'P3', lat: LAT + north(40) }),
          write('shadow', { shadow: true }),
          write('early', { start: at('00:00:00') - 1 }),
          write('gone'),
          write('mistake', { lat: LAT + 1 }),
        ],
        retractions: [{ vehicleKey, id: 'gone' }],
      }),
    );
    const doing = { by: { id: 'x', login: 'x', name: 'x' }, at: at('08:00:00') };
    await opened.store.desk.act('mistake', (_, state) => ({
      steps: resolve(state, doing, 'false_alarm', null),
    }));
    const { reports } = opened.store;
    const span = [at('00:00:00'), at('23:59:59')] as const;
    expect(await reports.findingCounts(...span, { district: '武进区' })).toEqual(
      expect.arrayContaining([
        {
          vehicle: 'F',
          district: '武进区',
          rule: 'speeding',
          severity: 'P2',
          total: 2,
          handled: 1,
          mistaken: 1,
        },
        {
          vehicle: 'F',
          district: '武进区',
          rule: 'harsh_driving',
          severity: 'P3',
          total: 1,
          handled: 0,
          mistaken: 0,
        },
      ]),
    );
    expect(await reports.findingCounts(...span, { district: '新北区' })).toEqual([]);
    expect(await reports.findingCounts(...span, { school: 'S2' })).toHaveLength(2);
    expect(await reports.findingDays(...span, {})).toEqual([
      { day: DAY, severity: 'P2', total: 2, handled: 1 },
      { day: DAY, severity: 'P3', total: 1, handled: 0 },
    ]);
    const listed = await reports.violations(...span, {}, ['speeding', 'harsh_driving'], 10);
    expect(listed.map(({ id }) => id)).toEqual(['one', 'two']);
    const line = JSON.stringify({
      type: 'LineString',
      coordinates: [
        [LON - 0.01, LAT],
        [LON + 0.01, LAT],
      ],
    });
    const places = [{ id: 'bend', geometry: line }];
    expect(await reports.findingsAt(...span, {}, places, 30)).toEqual([
      { place: 'bend', rule: 'speeding', total: 1, vehicles: 1, worst: 'P2' },
    ]);
    expect(await reports.findingsAt(...span, {}, places, 50)).toHaveLength(2);
  });

  it('are rolled up in rounds: today each time, a day that is over once a day, by one process alone', async () => {
    await drive('G', [{ time: at('07:00:00') }, { time: at('07:00:00') - 86_400_000 }]);
    const rolled: string[] = [];
    const { reports, ingest } = opened.store;
    const clock = { now: at('08:00:00') };
    const start = (holder: string) =>
      startRollUp({
        reports: {
          ...reports,
          async rollDay(day, ...rest) {
            rolled.push(day);
            return reports.rollDay(day, ...rest);
          },
        },
        plan: currentPlan(smallPlan()),
        lease: ingest.lease,
        holder,
        log: quiet,
        lateDays: 1,
        now: () => clock.now,
      });
    const [one, other] = [start('one'), start('other')];
    await one.round();
    await other.round();
    expect(rolled).toEqual(['2026-11-23', DAY]);
    await one.round();
    expect(rolled.slice(2)).toEqual([DAY]);
    clock.now += 86_400_000;
    await one.round();
    expect(rolled.slice(3)).toEqual([DAY, '2026-11-25']);
    await Promise.all([one.close(), other.close()]);
    expect(await reports.vehicleFigures('2026-11-23', DAY, {})).toMatchObject([{ vehicle: 'G', days: 2 }]);
    await reports.forgetBefore(DAY);
    expect(await reports.vehicleFigures('2026-11-23', DAY, {})).toMatchObject([{ days: 1 }]);
  });
});
