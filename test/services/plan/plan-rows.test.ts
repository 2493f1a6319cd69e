import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPlan } from '../../../geo/plan/build-plan.ts';
import { buildKind, buildNext } from '../../../services/plan/build-next.ts';
import { expiringOf } from '../../../services/plan/expiring.ts';
import { planVersion } from '../../../services/plan/plan-files.ts';
import { diffRows, keyOf, type PlanRow, rowsOf, textOf } from '../../../services/plan/plan-rows.ts';
import { SMALL_PLAN } from '../api/small-plan.ts';

const SHAPES =
  'shape_id,shape_pt_sequence,shape_pt_lat,shape_pt_lon,shape_dist_traveled\nA,2,31.8,119.91,9\nA,1,31.7,119.9,0\nB,1,31,120,0\nB,2,31.1,120,5\n';

describe('the rows of plan files', () => {
  it.each(
    [...SMALL_PLAN.keys()].filter((file) =>
      /vehicles|people|permits|duties|schools|stops|routes|calendar|riders/.test(file),
    ),
  )('%s reads back as it was written', (file) => {
    const rows = rowsOf(file, SMALL_PLAN.get(file));
    expect(rowsOf(file, textOf(file, rows, SMALL_PLAN.get(file)))).toEqual(rows);
    expect(new Set(rows.map((row) => keyOf(file, row))).size).toBe(rows.length);
  });

  it('keep columns that nobody reads, and take whatever text a cell holds', () => {
    const text = 'vehicle_id,colour_of_seats,plate\nV1,blue,"苏D, ""1"""\n';
    const cell = fc
      .string()
      .map((one) => one.trim())
      .filter((one) => !/[\u2028\ufeff]|\0/u.test(one));
    fc.assert(
      fc.property(fc.array(fc.record({ plate: cell, district: cell }), { maxLength: 5 }), (more) => {
        const rows: PlanRow[] = [
          ...rowsOf('vehicles.csv', text),
          ...more.map((row, i) => ({ vehicle_id: `W${i}`, ...row })),
        ];
        const back = rowsOf('vehicles.csv', textOf('vehicles.csv', rows, text));
        expect(diffRows('vehicles.csv', rows, back)).toMatchObject({ added: [], removed: [] });
        expect(back[0]).toMatchObject({ colour_of_seats: 'blue', plate: '苏D, "1"' });
      }),
    );
  });

  it('of fences keep what else a feature says', () => {
    const before = JSON.stringify({
      type: 'FeatureCollection',
      name: 'of the town',
      features: [
        {
          type: 'Feature',
          id: 7,
          properties: { kind: 'speed_zone', speed_limit_kmh: 30, weekdays: [1, 2], survey: { by: 'x' } },
          geometry: {
            type: 'Polygon',
            coordinates: [
              [
                [119, 31],
                [119.1, 31],
                [119.1, 31.1],
                [119, 31],
              ],
            ],
          },
        },
      ],
    });
    const rows = rowsOf('fences.geojson', before);
    expect(rows).toMatchObject([
      { id: '7', speed_limit_kmh: '30', weekdays: '1;2', more: '{"survey":{"by":"x"}}' },
    ]);
    const text = textOf('fences.geojson', rows, before);
    expect(JSON.parse(text)).toMatchObject({
      name: 'of the town',
      features: [{ id: '7', properties: { speed_limit_kmh: 30, survey: { by: 'x' } } }],
    });
    expect(rowsOf('fences.geojson', text)).toEqual(rows);
  });

  it('of lines change the one that was drawn and leave the others as they are', () => {
    const rows = rowsOf('shapes.txt', SHAPES);
    expect(rows).toEqual([
      { shape_id: 'A', line: 'LINESTRING(119.9 31.7, 119.91 31.8)' },
      { shape_id: 'B', line: 'LINESTRING(120 31, 120 31.1)' },
    ]);
    const drawn = rows.map((row) =>
      row.shape_id === 'A' ? { ...row, line: 'LINESTRING(1 2, 3 4, 5 6)' } : row,
    );
    const text = textOf('shapes.txt', drawn, SHAPES);
    expect(text).toContain('B,1,31,120,0\n');
    expect(text).toContain('A,3,6,5,\n');
    expect(rowsOf('shapes.txt', text).find((row) => row.shape_id === 'A')).toEqual(drawn[0]);
  });
});

describe('a change of registers alone', () => {
  const built = buildPlan(SMALL_PLAN, 'before');
  if (!built.ok) throw new Error('the small plan does not build');

  it('gives the very plan that the files give from scratch', async () => {
    const files = new Map(SMALL_PLAN)
      .set(
        'vehicles.csv',
        `${SMALL_PLAN.get('vehicles.csv')}V3,苏D00003,yellow,013900000003,2019,20,dedicated,A,D1\n`,
      )
      .set('duties.csv', SMALL_PLAN.get('duties.csv')!.replace('T2,V2', 'T2,V3'));
    expect(buildKind(SMALL_PLAN, files)).toBe('registers');
    const version = planVersion(files);
    const quick = await buildNext({ files: SMALL_PLAN, base: built.base }, files, version);
    const whole = buildPlan(files, version);
    if (!quick.ok || !whole.ok) throw new Error('does not build');
    const plain = (plan: typeof whole.plan) =>
      JSON.stringify(plan, (_, value) => (value instanceof Map ? [...value] : value));
    expect(plain(quick.plan)).toBe(plain(whole.plan));
    expect(quick.warnings).toEqual(whole.warnings);
    const noon = Date.parse('2026-11-24T12:00:00+08:00');
    expect(quick.plan.runsAt(noon, 43_000)).toEqual(whole.plan.runsAt(noon, 43_000));
    expect(quick.base.network).toBe(built.base.network);
  });

  it('is refused for the same reasons', async () => {
    const files = new Map(SMALL_PLAN).set(
      'vehicles.csv',
      SMALL_PLAN.get('vehicles.csv')!.replace('V2,', 'V9,'),
    );
    const quick = await buildNext({ files: SMALL_PLAN, base: built.base }, files, 'refused');
    expect(quick).toEqual(buildPlan(files, 'refused'));
  });

  it('is told from one of the network and one of amendments', () => {
    const changed = (file: string) => new Map(SMALL_PLAN).set(file, 'x');
    expect(buildKind(SMALL_PLAN, changed('stops.txt'))).toBe('all');
    expect(buildKind(SMALL_PLAN, changed('orders.csv'))).toBe('amendments');
    expect(buildKind(null, SMALL_PLAN)).toBe('all');
  });
});

it('what runs out is listed by the day, of permits the longest, and nothing of a vehicle that is retired', () => {
  const files = new Map(SMALL_PLAN)
    .set(
      'vehicles.csv',
      'vehicle_id,plate,inspection_valid_to,insurance_valid_to,retired_on\nV1,苏D1,20261209,20261124,\nV2,苏D2,20200101,,20261101\n',
    )
    .set(
      'permits.csv',
      'permit_no,vehicle_id,valid_from,valid_to,status\nP0,V1,20250101,20260101,valid\nP1,V1,20260101,20270122,valid\nP2,V1,20260101,20300101,revoked\n',
    )
    .set('people.csv', SMALL_PLAN.get('people.csv')!.replace('L1,20301231', 'L1,20261120'));
  const result = buildPlan(files, 'x');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const list = (days: number) =>
    expiringOf(result.plan, '20261124', days).map(({ kind, key, daysLeft }) => [kind, key, daysLeft]);
  expect(list(60)).toEqual([
    ['licence', 'DR1', -4],
    ['insurance', 'V1', 0],
    ['inspection', 'V1', 15],
    ['permit', 'P1', 59],
  ]);
  expect(list(15)).toHaveLength(3);
  expect(list(0)).toHaveLength(2);
});
