import type { PlanGeometry, RunView } from '../../../services/api/contract.ts';

/** A small made-up town for the pages to draw: a grid of streets, routes along them, schools at their ends. */
const WEST = 119.9;
const SOUTH = 31.75;
const STEP_LON = 0.0148;
const STEP_LAT = 0.0117;
const COLUMNS = 9;
const ROWS = 7;

export const node = (column: number, row: number): [number, number] => [
  WEST + column * STEP_LON + 0.0012 * Math.sin(column * 2.1 + row),
  SOUTH + row * STEP_LAT + 0.001 * Math.cos(row * 1.7 + column),
];

const STREETS = ['西环路', '柳岸街', '云桥街', '书苑街', '澜川大道', '青枫街', '湖畔街', '星野街', '东环路'];
const AVENUES = ['南环路', '稻香路', '望湖路', '澜江南路', '澜江北路', '松风路', '北环路'];
const SCHOOLS = ['青禾小学', '云桥小学', '澜川中学', '星野小学'];

/** Routes as streets walked from junction to junction. */
const WAYS: [number, number][][] = [
  [
    [0, 5],
    [3, 5],
    [3, 3],
    [5, 3],
  ],
  [
    [0, 1],
    [2, 1],
    [2, 4],
    [4, 4],
    [4, 6],
  ],
  [
    [8, 6],
    [6, 6],
    [6, 2],
    [4, 2],
  ],
  [
    [8, 1],
    [5, 1],
    [5, 4],
    [7, 4],
  ],
  [
    [1, 0],
    [1, 3],
    [4, 3],
    [4, 5],
    [7, 5],
  ],
  [
    [7, 0],
    [7, 3],
    [3, 3],
    [3, 6],
  ],
];

export interface FakeRoute {
  id: string;
  name: string;
  line: [number, number][];
  stops: { id: string; name: string; at: [number, number] }[];
}

function walk(corners: [number, number][]): [number, number][] {
  const line: [number, number][] = [node(...corners[0]!)];
  for (let i = 1; i < corners.length; i++) {
    let [column, row] = corners[i - 1]!;
    const [toColumn, toRow] = corners[i]!;
    while (column !== toColumn || row !== toRow) {
      column += Math.sign(toColumn - column);
      row += Math.sign(toRow - row);
      line.push(node(column, row));
    }
  }
  return line;
}

export const fakeRoutes: FakeRoute[] = WAYS.map((corners, i) => {
  const line = walk(corners);
  return {
    id: `R0${i + 1}`,
    name: `校0${i + 1}线`,
    line,
    stops: line.map((at, n) => ({
      id: `R0${i + 1}-${n}`,
      name: n === line.length - 1 ? SCHOOLS[i % SCHOOLS.length]! : `${STREETS[(n + i) % 9]}${n + 1}站`,
      at,
    })),
  };
});

const line = (coordinates: [number, number][], properties: object): GeoJSON.Feature<GeoJSON.LineString> => ({
  type: 'Feature',
  properties,
  geometry: { type: 'LineString', coordinates },
});
const point = (coordinates: [number, number], properties: object): GeoJSON.Feature<GeoJSON.Point> => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Point', coordinates },
});
const square = ([lon, lat]: [number, number], half: number, properties: object): GeoJSON.Feature => ({
  type: 'Feature',
  properties,
  geometry: {
    type: 'Polygon',
    coordinates: [
      [-1, -0.6, 0, 0.7, 1, 0.9, 0.2, -0.5].flatMap((_, i) => {
        const angle = (i / 8) * 2 * Math.PI;
        return [[lon + half * Math.cos(angle), lat + half * 0.85 * Math.sin(angle)]];
      }),
    ].map((ring) => [...ring, ring[0]!]),
  },
});

export function fakeGeometry(): PlanGeometry {
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  const streets = range(COLUMNS).map((c) =>
    line(
      range(ROWS).map((r) => node(c, r)),
      { class: c % 4 === 0 ? 'primary' : 'residential', name: STREETS[c] },
    ),
  );
  const avenues = range(ROWS).map((r) =>
    line(
      range(COLUMNS).map((c) => node(c, r)),
      { class: r % 3 === 0 ? 'secondary' : 'residential', name: AVENUES[r] },
    ),
  );
  return {
    version: 'fake1',
    routes: {
      type: 'FeatureCollection',
      features: fakeRoutes.map(
        (route) =>
          line(route.line, {
            id: route.id,
            name: route.name,
            shortName: route.name,
            colour: null,
          }) as PlanGeometry['routes']['features'][number],
      ),
    },
    stops: {
      type: 'FeatureCollection',
      features: fakeRoutes.flatMap((route) =>
        route.stops.map((stop) => point(stop.at, { id: stop.id, name: stop.name, routes: [route.id] })),
      ) as PlanGeometry['stops']['features'],
    },
    schools: {
      type: 'FeatureCollection',
      features: SCHOOLS.map((name, i) =>
        point(fakeRoutes[i]!.line.at(-1)!, { id: `S${i + 1}`, name }),
      ) as PlanGeometry['schools']['features'],
    },
    fences: {
      type: 'FeatureCollection',
      features: [
        square(node(6, 1), 0.004, { id: 'F1', name: '鹭影湖', kind: 'forbidden' }),
        square(node(0, 6), 0.003, { id: 'F2', name: '公交停车场', kind: 'depot' }),
        line([node(3, 3), node(3, 4)], { id: 'F3', name: '急弯路段', kind: 'danger_section' }),
      ] as PlanGeometry['fences']['features'],
    },
    base: {
      type: 'FeatureCollection',
      features: [
        square(node(6, 1), 0.0055, { class: 'water', name: '鹭影湖' }),
        square(node(2, 5), 0.006, { class: 'park', name: '听松公园' }),
        ...streets,
        ...avenues,
        line(
          [
            [119.88, 31.8],
            [119.96, 31.792],
            [120.05, 31.803],
          ],
          { class: 'motorway', name: '澜川高速' },
        ),
        point(node(2, 3), { class: 'place', name: '清澜区' }),
        point(node(6, 4), { class: 'place', name: '禾泽区' }),
      ],
    },
  };
}

/** The run that a bus of the route is on, around `now`. */
export function fakeRun(route: FakeRoute, vehicle: string, now: number): RunView {
  const start = Math.floor(now / 1_800_000) * 1_800_000;
  const at = (n: number) => new Date(start + n * 180_000).toISOString();
  return {
    trip: `${route.id}-T1`,
    serviceDate: '20261124',
    route: route.id,
    routeName: route.name,
    routeShortName: route.name,
    headsign: route.stops.at(-1)!.name,
    start: at(0),
    end: at(route.stops.length - 1),
    vehicle,
    driver: { id: 'D1', name: '周建平' },
    escort: { id: 'E1', name: '沈秀兰' },
    runState: 'CARRYING',
    stops: route.stops.map((stop, n) => ({
      id: stop.id,
      name: stop.name,
      lat: stop.at[1],
      lon: stop.at[0],
      arrival: at(n),
      departure: at(n),
      riders: n === route.stops.length - 1 ? 0 : (n % 4) + 1,
      isSchool: n === route.stops.length - 1,
    })),
    eta: null,
  };
}
