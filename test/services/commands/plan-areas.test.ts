import { describe, expect, it } from 'vitest';
import { pointInPolygon } from '../../../geo/geometry/polygon.ts';
import { buildPlan } from '../../../geo/plan/build-plan.ts';
import type { Plan, PlanFiles } from '../../../geo/plan/plan.ts';
import { encodeMessage } from '../../../protocol/jt808/index.ts';
import { commandKind } from '../../../services/commands/command-table.ts';
import { planForTerminal } from '../../../services/commands/plan-areas.ts';
import { at, SMALL_PLAN } from '../api/small-plan.ts';

function planWith(features: readonly object[]): Plan {
  const files: PlanFiles = new Map([
    ...SMALL_PLAN,
    ['fences.geojson', JSON.stringify({ type: 'FeatureCollection', features })],
  ]);
  const built = buildPlan(files, 'with-fences');
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  return built.plan;
}

const ring = (west: number, south: number, east: number, north: number) => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const fence = (properties: object, geometry: object) => ({ type: 'Feature', properties, geometry });
const polygon = (...coordinates: number[][][]) => ({ type: 'Polygon', coordinates });
/** T1 of the small plan: due north along 119.9 E, from 31.70 to 31.73 N, 07:00 to 07:30. */
const given = (plan: Plan) => planForTerminal(plan, plan.dutiesAt('V1', at('07:10'), 0));

describe('what a terminal is given of the plan', () => {
  it('has the limit of every section, from where it begins to where it ends', () => {
    const plan = planWith([
      fence({ kind: 'speed_zone', speed_limit_kmh: 40 }, polygon(ring(119.89, 31.71, 119.91, 31.72))),
      fence(
        { kind: 'danger_section' },
        {
          type: 'LineString',
          coordinates: [
            [119.9, 31.724],
            [119.9, 31.726],
          ],
        },
      ),
    ]);
    const [route] = given(plan).areas.routes;
    const sections = route?.points.map(({ lat, maxSpeedKmh }) => [lat.toFixed(3), maxSpeedKmh]);
    expect(sections).toEqual([
      ['31.700', 60],
      ['31.710', 40],
      ['31.720', 60],
      ['31.724', 20],
      ['31.726', 60],
      ['31.730', 60],
    ]);
  });

  it('minds when a zone is on', () => {
    const zone = (windows: string) =>
      planWith([
        fence(
          { kind: 'speed_zone', speed_limit_kmh: 30, windows },
          polygon(ring(119.89, 31.69, 119.91, 31.74)),
        ),
      ]);
    const limits = (plan: Plan) => new Set(given(plan).areas.routes[0]?.points.map((p) => p.maxSpeedKmh));
    expect(limits(zone('06:30-08:00'))).toEqual(new Set([30]));
    expect(limits(zone('16:00-18:00'))).toEqual(new Set([60]));
    expect(given(zone('06:30-08:00;16:00-18:00')).areas.rectangles).toMatchObject([
      { id: 1, from: '06:30', to: '08:00', maxSpeedKmh: 30 },
      { id: 2, from: '16:00', to: '18:00', maxSpeedKmh: 30 },
    ]);
  });

  it('says that a way is on a motorway, where 80 holds', () => {
    const plan = planWith([
      fence(
        { kind: 'speed_zone', speed_limit_kmh: 100, road_class: 'motorway' },
        polygon(ring(119.89, 31.69, 119.91, 31.715)),
      ),
    ]);
    const { motorway, areas } = given(plan);
    expect(motorway).toBe(true);
    expect(new Set(areas.routes[0]?.points.map((p) => p.maxSpeedKmh))).toEqual(new Set([80, 60]));
    expect(given(planWith([])).motorway).toBe(false);
  });

  it('has what lies near its ways, in the simplest shape that says the same', () => {
    const triangle = [
      [119.88, 31.7],
      [119.92, 31.7],
      [119.9, 31.75],
      [119.88, 31.7],
    ];
    const plan = planWith([
      fence({ kind: 'forbidden', name: '水库' }, polygon(triangle)),
      fence({ kind: 'depot', name: '车场' }, polygon(ring(119.89, 31.7, 119.9, 31.71))),
      fence({ kind: 'forbidden', name: '远处' }, polygon(ring(121, 33, 121.1, 33.1))),
    ]);
    const { polygons, rectangles, circles } = given(plan).areas;
    expect(polygons.map(({ name, vertices, tellDriver }) => [name, vertices.length, tellDriver])).toEqual([
      ['水库', 3, true],
    ]);
    expect(rectangles).toMatchObject([
      { name: '车场', north: 31.71, west: 119.89, south: 31.7, east: 119.9 },
    ]);
    expect(circles.map(({ name }) => name)).toEqual(['青禾小学']);
    for (const [lon = 0, lat = 0] of polygons[0]?.vertices ?? [])
      expect(pointInPolygon([lon, lat], { type: 'Polygon', coordinates: [triangle] })).toBe(true);
  });

  it('has room: of many areas and a long way it takes what a terminal holds, and says what it left out', () => {
    const many = Array.from({ length: 75 }, (_, i) =>
      fence(
        { kind: 'depot', name: `${i}` },
        polygon(ring(119.9, 31.7 + i * 1e-4, 119.901, 31.7001 + i * 1e-4)),
      ),
    );
    const plan = planWith(many);
    const winding = Array.from(
      { length: 3_000 },
      // Ever wider bends.
      (_, i) => [119.9 + Math.sin(i / 3) * i * 4e-7, 31.7 + i * 1e-5] as const,
    );
    const run = plan.dutiesAt('V1', at('07:10'), 0)[0]!;
    const alongM = Float64Array.from(winding, (_, i) => i * 50);
    const shape = { id: 'long', points: winding, alongM, lengthM: 150_000, drawn: true };
    const longRun = { ...run, trip: { ...run.trip, shapeId: 'long' } };
    const long = { ...plan, shapes: new Map([...plan.shapes, ['long', shape]]) };
    const { areas, leftOut } = planForTerminal(long, [longRun]);
    expect(areas.rectangles).toHaveLength(60);
    expect(leftOut).toBe(15);
    expect(areas.routes[0]?.points.length).toBeLessThanOrEqual(200);
    expect(areas.routes[0]?.points.length).toBeGreaterThan(50);
    for (const version of ['2011', '2013', '2019'] as const)
      for (const { msgId, body } of commandKind('set_areas')?.messages(areas as never, version) ?? [])
        expect(
          encodeMessage({ msgId, version, phone: '13912345678', serial: 0, body }).length,
        ).toBeGreaterThan(0);
  });
});
