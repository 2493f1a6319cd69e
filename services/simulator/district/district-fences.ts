import type { Fence } from '../../../geo/plan/plan.ts';
import { BENDY, SHARPEST } from './district-roads.ts';
import { SCHOOLS } from './district-schools.ts';
import { blob, lonLat, type Metres } from './metric-frame.ts';
import type { RoadNetwork } from './road-network.ts';

export function districtFences(network: RoadNetwork): Fence[] {
  return [
    ...SCHOOLS.map((school) =>
      fence(
        `F-${school.id}`,
        `${school.name}学校区域`,
        'school',
        blob(network.node(school.id), 170, 170, () => 0.6, 16),
        30,
      ),
    ),
    fence(
      'F-DANGER',
      '石埂路急弯',
      'danger_section',
      blob(middleOf(bendOfRoad(network)), 230, 210, () => 0.6, 14),
      20,
    ),
    fence(
      'F-TOWN',
      '老城限速区',
      'speed_zone',
      blob([0, -1300], 720, 620, () => 0.6, 20),
      40,
    ),
    {
      ...fence('F-MOTORWAY', '澜北高速', 'speed_zone', alongRoad(motorwayLine(network), 70), 80),
      motorway: true,
    },
    fence('F-DEPOT', '校车停保场', 'depot', rectangle([4900, 3250], 220, 160), null),
    fence(
      'F-QUARRY',
      '老石矿禁入区',
      'forbidden',
      blob([-7000, 1300], 380, 320, () => 0.6, 14),
      null,
    ),
  ];
}

/** Where the road to the village is at its bendiest: no stop is put there. */
export function inDangerSection(network: RoadNetwork): (at: Metres) => boolean {
  const bend = bendOfRoad(network);
  return (at) => bend.some((point) => Math.hypot(point[0] - at[0], point[1] - at[1]) < 400);
}

/** Points of the sharp bend on the road to a village. */
function bendOfRoad(network: RoadNetwork): Metres[] {
  const road = network.edges.find((edge) => edge.from === BENDY)!;
  return road.line.slice(...SHARPEST);
}

function middleOf(points: readonly Metres[]): Metres {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  return [mean(0), mean(1)];
}

function motorwayLine(network: RoadNetwork): Metres[] {
  const stretches = network.edges.filter((edge) => edge.roadClass === 'motorway');
  return stretches.flatMap((edge, i) => (i === 0 ? [...edge.line] : edge.line.slice(1)));
}

function fence(
  id: string,
  name: string,
  kind: Fence['kind'],
  ring: readonly Metres[],
  speedLimitKmh: number | null,
): Fence {
  return {
    id,
    name,
    kind,
    geometry: { type: 'Polygon', coordinates: [ring.map(lonLat)] },
    speedLimitKmh,
    motorway: false,
    windows: [],
  };
}

function rectangle([x, y]: Metres, width: number, height: number): Metres[] {
  const [dx, dy] = [width / 2, height / 2];
  return [
    [x - dx, y - dy],
    [x + dx, y - dy],
    [x + dx, y + dy],
    [x - dx, y + dy],
    [x - dx, y - dy],
  ];
}

/** A strip to both sides of a road. */
export function alongRoad(line: readonly Metres[], halfWidthM: number): Metres[] {
  const side = (sign: number): Metres[] =>
    line.map((point, i) => {
      const before = line[Math.max(0, i - 1)]!;
      const after = line[Math.min(line.length - 1, i + 1)]!;
      const length = Math.hypot(after[0] - before[0], after[1] - before[1]);
      const off = (sign * halfWidthM) / length;
      return [point[0] - (after[1] - before[1]) * off, point[1] + (after[0] - before[0]) * off];
    });
  const left = side(1);
  return [...left, ...side(-1).reverse(), left[0]!];
}
