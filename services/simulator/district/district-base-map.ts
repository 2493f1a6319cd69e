import { seededRandom } from '../seeded-random.ts';
import { alongRoad } from './district-fences.ts';
import { VILLAGES } from './district-roads.ts';
import { EAST, WEST } from './district-schools.ts';
import { blob, lonLat, type Metres } from './metric-frame.ts';
import type { RoadEdge, RoadNetwork } from './road-network.ts';

/** Roads, water, parks and places to draw where no base map is configured; properties `class` and `name`. */
export function districtBaseMap(network: RoadNetwork): GeoJSON.FeatureCollection {
  const random = seededRandom('district water');
  return {
    type: 'FeatureCollection',
    features: [
      area('park', '听松公园', blob([700, 3250], 420, 360, random)),
      area('park', '稻香湿地', blob([-3500, -3250], 480, 330, random)),
      area('park', '澜江绿洲', blob([4900, -700], 430, 330, random)),
      area('water', '澜江', river()),
      area('water', '鹭影湖', blob([2800, -2620], 900, 790, random, 32)),
      ...roads(network),
      ...VILLAGES.map((village) => place(village.name, [village.at[0], village.at[1] + 180])),
      place(WEST, [-3500, 2000]),
      place(EAST, [3500, 2000]),
    ],
  };
}

function river(): Metres[] {
  const middle: Metres[] = [];
  for (let x = -9800; x <= 9800; x += 350) {
    middle.push([x, 650 + 130 * Math.sin(x / 1300) + 50 * Math.sin(x / 520)]);
  }
  return alongRoad(middle, 55);
}

/** One feature for each unbroken stretch of a road, so that its name is written along the whole of it. */
function roads(network: RoadNetwork): GeoJSON.Feature[] {
  const byName = new Map<string, RoadEdge[]>();
  for (const edge of network.edges) {
    const key = `${edge.roadClass} ${edge.name}`;
    byName.set(key, [...(byName.get(key) ?? []), edge]);
  }
  return [...byName.values()].flatMap((edges) =>
    stretches(edges).map(
      (line): GeoJSON.Feature => ({
        type: 'Feature',
        properties: { class: edges[0]!.roadClass, name: edges[0]!.name },
        geometry: { type: 'LineString', coordinates: line.map(lonLat) },
      }),
    ),
  );
}

function stretches(edges: readonly RoadEdge[]): Metres[][] {
  const left = new Set(edges);
  const lines: Metres[][] = [];
  for (const first of edges) {
    if (!left.delete(first)) continue;
    const line = [...first.line];
    for (let grown = true; grown; ) {
      grown = false;
      for (const edge of left) {
        const [head, tail] = [line[0], line.at(-1)];
        if (edge.line[0] === tail) line.push(...edge.line.slice(1));
        else if (edge.line.at(-1) === tail) line.push(...edge.line.slice(0, -1).reverse());
        else if (edge.line.at(-1) === head) line.unshift(...edge.line.slice(0, -1));
        else if (edge.line[0] === head) line.unshift(...edge.line.slice(1).reverse());
        else continue;
        left.delete(edge);
        grown = true;
      }
    }
    lines.push(line);
  }
  return lines;
}

function area(kind: 'park' | 'water', name: string, ring: readonly Metres[]): GeoJSON.Feature {
  return {
    type: 'Feature',
    properties: { class: kind, name },
    geometry: { type: 'Polygon', coordinates: [ring.map(lonLat)] },
  };
}

function place(name: string, at: Metres): GeoJSON.Feature {
  return {
    type: 'Feature',
    properties: { class: 'place', name },
    geometry: { type: 'Point', coordinates: lonLat(at) },
  };
}
