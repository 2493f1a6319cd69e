import { districtRoads, gridNode } from './district-roads.ts';
import type { Metres } from './metric-frame.ts';
import type { RoadNetwork } from './road-network.ts';

/** Two made-up districts, west and east of the middle street. */
export const WEST = '清澜区';
export const EAST = '禾泽区';

export interface DistrictSchool {
  readonly id: string;
  readonly name: string;
  readonly district: string;
  /** Junction where the lane to its gate begins. */
  readonly junction: string;
  readonly lane: string;
  /** From the junction to the gate, metres. */
  readonly gateOffset: Metres;
}

export const SCHOOLS: readonly DistrictSchool[] = [
  {
    id: 'S1',
    name: '青禾小学',
    district: WEST,
    junction: gridNode(2, 4),
    lane: '青禾巷',
    gateOffset: [150, 260],
  },
  {
    id: 'S2',
    name: '云桥小学',
    district: WEST,
    junction: gridNode(3, 2),
    lane: '云桥巷',
    gateOffset: [-230, -190],
  },
  {
    id: 'S3',
    name: '澜川中学',
    district: WEST,
    junction: gridNode(2, 1),
    lane: '书香巷',
    gateOffset: [240, 170],
  },
  {
    id: 'S4',
    name: '星野小学',
    district: EAST,
    junction: gridNode(6, 4),
    lane: '星野巷',
    gateOffset: [-170, 250],
  },
  {
    id: 'S5',
    name: '松风中学',
    district: EAST,
    junction: gridNode(5, 5),
    lane: '听松巷',
    gateOffset: [210, -220],
  },
  {
    id: 'S6',
    name: '望湖小学',
    district: EAST,
    junction: gridNode(7, 2),
    lane: '望湖巷',
    gateOffset: [-260, 160],
  },
];

/** The roads with a lane to the gate of every school; a school's gate is a junction named after it. */
export function roadsWithSchools(): RoadNetwork {
  const network = districtRoads();
  for (const school of SCHOOLS) {
    const [x, y] = network.node(school.junction);
    const [dx, dy] = school.gateOffset;
    network.addNode(school.id, [x + dx, y + dy]);
    network.addRoad(school.junction, school.id, 'residential', school.lane, [[x + dx * 0.45, y + dy * 0.55]]);
  }
  return network;
}

/** The school's grounds: a square beyond the gate, turned the way its lane goes. */
export function schoolGrounds(school: DistrictSchool, gate: Metres, sideM = 150): Metres[] {
  const length = Math.hypot(...school.gateOffset);
  const ahead: Metres = [school.gateOffset[0] / length, school.gateOffset[1] / length];
  const corner = (forward: number, right: number): Metres => [
    gate[0] + ahead[0] * forward + ahead[1] * right,
    gate[1] + ahead[1] * forward - ahead[0] * right,
  ];
  const half = sideM / 2;
  // The gate is a little inside, so that a bus at the gate is on the grounds whatever the GNSS noise.
  return [
    corner(-35, -half),
    corner(-35, half),
    corner(sideM, half),
    corner(sideM, -half),
    corner(-35, -half),
  ];
}
