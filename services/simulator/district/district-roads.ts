import { type Random, seededRandom } from '../seeded-random.ts';
import { type Metres, metresApart } from './metric-frame.ts';
import { type RoadClass, RoadNetwork } from './road-network.ts';

/** Columns and rows of the town's grid, metres between them. */
const COLUMNS = 9;
const ROWS = 7;
const COLUMN_M = 1400;
const ROW_M = 1300;

/** The river flows between rows 3 and 4; bridges stand on the ring and on these columns. */
const BRIDGES = new Set([0, 1, 3, 5, 7, 8]);
/** The lake lies where this junction would be. */
const DROWNED = gridNode(6, 1);

const STREETS = ['西环路', '柳岸街', '云桥街', '书苑街', '澜川大道', '青枫街', '湖畔街', '星野街', '东环路'];
const AVENUES = ['南环路', '稻香路', '望湖路', '澜江南路', '澜江北路', '松风路', '北环路'];

export interface Village {
  readonly id: string;
  readonly name: string;
  readonly at: Metres;
  /** Junction of the ring that its road comes to. */
  readonly gate: string;
  readonly road: string;
}

/** Invented villages outside the ring. */
export const VILLAGES: readonly Village[] = [
  { id: 'V1', name: '柳湾村', at: [-7900, 2750], gate: gridNode(0, 5), road: '柳湾路' },
  { id: 'V2', name: '桃溪村', at: [-8050, -350], gate: gridNode(0, 3), road: '桃溪路' },
  { id: 'V3', name: '石埂村', at: [-7500, -4350], gate: gridNode(0, 1), road: '石埂路' },
  { id: 'V4', name: '芦荡村', at: [-1700, -6150], gate: gridNode(3, 0), road: '芦荡路' },
  { id: 'V5', name: '鹭洲村', at: [3500, -6050], gate: gridNode(6, 0), road: '鹭洲路' },
  { id: 'V6', name: '银杏村', at: [7900, -2500], gate: gridNode(8, 1), road: '银杏路' },
  { id: 'V7', name: '朝露村', at: [8000, -450], gate: gridNode(8, 3), road: '朝露路' },
  { id: 'V8', name: '麦垄村', at: [7750, 3800], gate: gridNode(8, 5), road: '麦垄路' },
];

export function gridNode(column: number, row: number): string {
  return `J${column}${row}`;
}

/** The roads that the buses drive on and the map shows. The same every time. */
export function districtRoads(): RoadNetwork {
  const random = seededRandom('district roads');
  const network = new RoadNetwork();
  for (let column = 0; column < COLUMNS; column++) {
    for (let row = 0; row < ROWS; row++) {
      if (gridNode(column, row) !== DROWNED)
        network.addNode(gridNode(column, row), junction(column, row, random));
    }
  }
  for (let column = 0; column < COLUMNS; column++) {
    for (let row = 0; row < ROWS; row++) {
      const here = gridNode(column, row);
      if (column + 1 < COLUMNS) join(here, gridNode(column + 1, row), avenueClass(row), AVENUES[row]!);
      const overRiver = row === 3 && !BRIDGES.has(column);
      if (row + 1 < ROWS && !overRiver) {
        join(here, gridNode(column, row + 1), streetClass(column), STREETS[column]!);
      }
    }
  }
  for (const village of VILLAGES) {
    network.addNode(village.id, village.at);
    if (village.id === BENDY) bendyRoad(network, village);
    else join(village.id, village.gate, 'residential', village.road, 110, 9);
  }
  addMotorway(network);
  return network;

  function join(
    from: string,
    to: string,
    roadClass: RoadClass,
    name: string,
    swayM = roadClass === 'primary' ? 35 : 70,
    points = 4,
  ): void {
    if (from === DROWNED || to === DROWNED) return;
    const between = winding(network.node(from), network.node(to), swayM, points, random);
    network.addRoad(from, to, roadClass, name, between);
  }
}

/** The road to this village has a sharp double bend. */
export const BENDY = 'V3';
/** Share of the way and metres to the left of the straight line. */
const BENDS: readonly (readonly [number, number])[] = [
  [0.15, 25],
  [0.3, 45],
  [0.42, 10],
  [0.48, 95],
  [0.54, -70],
  [0.6, 0],
  [0.75, -25],
  [0.9, -10],
];
/** Of these, the points that make up the bend. */
export const SHARPEST: readonly [number, number] = [3, 7];

function bendyRoad(network: RoadNetwork, village: Village): void {
  const [from, to] = [village.at, network.node(village.gate)];
  const lengthM = metresApart(from, to);
  const between = BENDS.map(
    ([share, off]): Metres => [
      from[0] + (to[0] - from[0]) * share - ((to[1] - from[1]) / lengthM) * off,
      from[1] + (to[1] - from[1]) * share + ((to[0] - from[0]) / lengthM) * off,
    ],
  );
  network.addRoad(village.id, village.gate, 'residential', village.road, between);
}

/** A motorway with two junctions, north of the ring. */
function addMotorway(network: RoadNetwork): void {
  const name = '澜北高速';
  network.addNode('M0', [-9000, 5350]);
  network.addNode('M1', [-2850, 5050]);
  network.addNode('M2', [2900, 4980]);
  network.addNode('M3', [9000, 5500]);
  network.addRoad('M0', 'M1', 'motorway', name, [
    [-7000, 5150],
    [-5000, 5040],
  ]);
  network.addRoad('M1', 'M2', 'motorway', name, [
    [-1400, 5100],
    [0, 5130],
    [1500, 5080],
  ]);
  network.addRoad('M2', 'M3', 'motorway', name, [
    [5000, 4960],
    [7000, 5150],
  ]);
  network.addRoad('M1', gridNode(2, 6), 'secondary', '澜北西互通', [[-2900, 4600]]);
  network.addRoad('M2', gridNode(6, 6), 'secondary', '澜北东互通', [[2960, 4550]]);
}

/** Grid junctions stand a little off their places; the ring's corners are cut. */
function junction(column: number, row: number, random: Random): Metres {
  const onRing = column === 0 || column === COLUMNS - 1 || row === 0 || row === ROWS - 1;
  const spread = onRing ? 60 : 150;
  let x = (column - (COLUMNS - 1) / 2) * COLUMN_M + (random() - 0.5) * 2 * spread;
  let y = (row - (ROWS - 1) / 2) * ROW_M + (random() - 0.5) * 2 * spread;
  if ((column === 0 || column === COLUMNS - 1) && (row === 0 || row === ROWS - 1)) {
    x *= 0.92;
    y *= 0.9;
  }
  return [x, y];
}

function avenueClass(row: number): RoadClass {
  if (row === 0 || row === ROWS - 1) return 'primary';
  return row === 3 || row === 4 ? 'secondary' : row % 2 === 0 ? 'secondary' : 'residential';
}

function streetClass(column: number): RoadClass {
  if (column === 0 || column === COLUMNS - 1 || column === 4) return 'primary';
  return column % 2 === 1 ? 'secondary' : 'residential';
}

/** Points of a road that sways to both sides of the straight line, smoothly, and ends straight. */
function winding(from: Metres, to: Metres, swayM: number, points: number, random: Random): Metres[] {
  const lengthM = metresApart(from, to);
  const across: Metres = [-(to[1] - from[1]) / lengthM, (to[0] - from[0]) / lengthM];
  const first = (random() - 0.5) * 2 * swayM;
  const second = (random() - 0.5) * swayM;
  const line: Metres[] = [];
  for (let i = 1; i <= points; i++) {
    const t = i / (points + 1);
    const off = first * Math.sin(Math.PI * t) + second * Math.sin(2 * Math.PI * t);
    line.push([
      from[0] + (to[0] - from[0]) * t + across[0] * off,
      from[1] + (to[1] - from[1]) * t + across[1] * off,
    ]);
  }
  return line;
}
