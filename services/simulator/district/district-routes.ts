import { gridNode, VILLAGES } from './district-roads.ts';
import { SCHOOLS } from './district-schools.ts';
import { type Metres, metresApart } from './metric-frame.ts';
import type { RoadEdge, RoadNetwork } from './road-network.ts';

/** A line from a village to a school and back. */
export interface DistrictRoute {
  readonly id: string;
  readonly shortName: string;
  readonly schoolId: string;
  readonly villageId: string;
  /** Junctions driven through on the way, as column and row digits. */
  readonly via: readonly string[];
  readonly colour: string;
  /** Driving time of one run, seconds; a run begins every half hour. */
  readonly runS: number;
  readonly buses: number;
}

const RUN_S = 24 * 60;
/** On the longest line hardly a minute is left between two runs, so that its buses are under way at any moment. */
const LONG_RUN_S = 29 * 60;

export const ROUTES: readonly DistrictRoute[] = [
  route('R01', 'S1', 'V1', '05 06 26 35', '#d73a49', 4),
  route('R02', 'S1', 'V2', '03 04 14 15 25', '#0366d6', 3),
  route('R03', 'S2', 'V2', '03 02 12 13 23 33', '#28a745', 3),
  route('R04', 'S2', 'V3', '01 02 12 11 31', '#6f42c1', 3),
  route('R05', 'S3', 'V3', '01 00 30 31', '#e36209', 3),
  route('R06', 'S3', 'V4', '30 40 42 32', '#0598bc', 3),
  route('R07', 'S4', 'V8', '85 86 56 55 65', '#b08800', 4),
  route('R08', 'S4', 'V7', '83 84 85 75 65', '#c2255c', 3),
  route('R09', 'S5', 'V8', '85 75 74 64 54', '#5c940d', 3),
  route('R10', 'S6', 'V5', '60 80 82 83 73', '#1864ab', 3),
  route('R11', 'S6', 'V6', '81 82 84 74 73', '#862e9c', 4),
  // Over the motorway, the whole town's width.
  route('R12', 'S5', 'V1', '05 06 26 M1 M2 66 65', '#2b8a3e', 4, LONG_RUN_S),
];

function route(
  id: string,
  schoolId: string,
  villageId: string,
  via: string,
  colour: string,
  buses: number,
  runS = RUN_S,
): DistrictRoute {
  const shortName = `校${id.slice(1)}线`;
  return { id, shortName, schoolId, villageId, via: via.split(' '), colour, runS, buses };
}

export function routeWay(network: RoadNetwork, route: DistrictRoute): { line: Metres[]; edges: RoadEdge[] } {
  const via = route.via.map((place) =>
    place.startsWith('M') ? place : gridNode(Number(place[0]), Number(place[1])),
  );
  return network.way([route.villageId, ...via, route.schoolId]);
}

export interface RouteStop {
  readonly id: string;
  readonly name: string;
  readonly alongM: number;
  readonly at: Metres;
}

/** Between two stops, metres. */
const SPACING_M = 1150;
/** No stop this near to a junction, to the motorway or to the ends. */
const CLEAR_M = 130;

/**
 * Stops from the village to the last one before the school gate: about a kilometre apart, none on the village's own
 * long road, the motorway, or where `closed` says (danger sections).
 */
export function routeStops(
  route: DistrictRoute,
  edges: readonly RoadEdge[],
  closed: (at: Metres) => boolean,
): RouteStop[] {
  const village = VILLAGES.find((v) => v.id === route.villageId)!;
  const stops: RouteStop[] = [{ id: `${route.id}-01`, name: village.name, alongM: 0, at: village.at }];
  let junctionM = 0;
  let at = route.villageId;
  const namesUsed = new Map<string, number>();
  const lengthM = edges.reduce((sum, edge) => sum + edge.lengthM, 0);
  for (const edge of edges) {
    const forward = edge.from === at;
    at = forward ? edge.to : edge.from;
    const line = forward ? edge.line : [...edge.line].reverse();
    const busStreet = edge.roadClass !== 'motorway' && junctionM > 0 && !edge.name.includes('互通');
    for (let intoM = CLEAR_M; busStreet && intoM < edge.lengthM - CLEAR_M; intoM += 40) {
      const alongM = junctionM + intoM;
      const place = pointInto(line, intoM);
      if (alongM - stops.at(-1)!.alongM < SPACING_M || lengthM - alongM < 700 || closed(place)) continue;
      const count = (namesUsed.get(edge.name) ?? 0) + 1;
      namesUsed.set(edge.name, count);
      const name = `${edge.name}${['', '二', '三', '四', '五', '六'][count - 1] ?? count}站`;
      stops.push({ id: `${route.id}-${String(stops.length + 1).padStart(2, '0')}`, name, alongM, at: place });
    }
    junctionM += edge.lengthM;
  }
  const school = SCHOOLS.find((s) => s.id === route.schoolId)!;
  stops.push({
    id: `${school.id}-G`,
    name: `${school.name}门口`,
    alongM: lengthM,
    at: edges.at(-1)!.line.at(-1)!,
  });
  return stops;
}

function pointInto(line: readonly Metres[], intoM: number): Metres {
  let leftM = intoM;
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1]!;
    const b = line[i]!;
    const spanM = metresApart(a, b);
    if (leftM <= spanM)
      return [a[0] + ((b[0] - a[0]) * leftM) / spanM, a[1] + ((b[1] - a[1]) * leftM) / spanM];
    leftM -= spanM;
  }
  return line.at(-1)!;
}
