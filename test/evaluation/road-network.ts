import { distanceM } from '../../geo/geometry/distance.ts';
import type { LonLat } from '../../geo/geometry/point.ts';

/** Roads as a graph, to lay out the way that a recorded bus must have driven between two fixes. */
export interface RoadNetwork {
  /** The shortest way through all fixes that lie on the roads, or null where some two of them are not joined. */
  way(fixes: readonly LonLat[]): LonLat[] | null;
}

/** A fix farther from every road than this is not on them. */
const ON_ROAD_M = 60;
/** Ways end this near to each other where they meet. */
const JOINED_M = 25;
/** Long segments are cut, so that a fix is near a node. */
const NODE_EVERY_M = 40;

export function roadNetwork(roads: readonly (readonly LonLat[])[]): RoadNetwork {
  const nodes: LonLat[] = [];
  const edges: { readonly to: number; readonly m: number }[][] = [];
  const byPlace = new Map<string, number>();
  const node = (at: LonLat): number => {
    const key = `${at[0].toFixed(6)} ${at[1].toFixed(6)}`;
    let id = byPlace.get(key);
    if (id === undefined) {
      id = nodes.push(at) - 1;
      edges.push([]);
      byPlace.set(key, id);
    }
    return id;
  };
  const join = (a: number, b: number): void => {
    const m = distanceM(nodes[a]!, nodes[b]!);
    edges[a]!.push({ to: b, m });
    edges[b]!.push({ to: a, m });
  };
  const ends: number[] = [];
  for (const road of roads) {
    let before = -1;
    for (const [i, point] of road.entries()) {
      if (i > 0) {
        const from = road[i - 1]!;
        const parts = Math.ceil(distanceM(from, point) / NODE_EVERY_M);
        for (let p = 1; p < parts; p++) {
          const t = p / parts;
          const between = node([from[0] + (point[0] - from[0]) * t, from[1] + (point[1] - from[1]) * t]);
          join(before, between);
          before = between;
        }
      }
      const here = node(point);
      if (before >= 0) join(before, here);
      before = here;
    }
    ends.push(node(road[0]!), before);
  }
  for (const end of ends) {
    for (let other = 0; other < nodes.length; other++) {
      if (other !== end && distanceM(nodes[end]!, nodes[other]!) <= JOINED_M) join(end, other);
    }
  }

  function nearest(at: LonLat): number {
    let [best, found] = [ON_ROAD_M, -1];
    for (let i = 0; i < nodes.length; i++) {
      const m = distanceM(nodes[i]!, at);
      if (m < best) [best, found] = [m, i];
    }
    return found;
  }

  function shortest(from: number, to: number): number[] | null {
    const dist = new Map([[from, 0]]);
    const came = new Map<number, number>();
    const done = new Set<number>();
    for (;;) {
      let [at, least] = [-1, Number.POSITIVE_INFINITY];
      for (const [id, m] of dist) if (!done.has(id) && m < least) [at, least] = [id, m];
      if (at < 0) return null;
      if (at === to) break;
      done.add(at);
      for (const { to: next, m } of edges[at]!) {
        if (least + m < (dist.get(next) ?? Number.POSITIVE_INFINITY)) {
          dist.set(next, least + m);
          came.set(next, at);
        }
      }
    }
    const way = [to];
    for (let at = to; at !== from; ) {
      at = came.get(at)!;
      way.push(at);
    }
    return way.reverse();
  }

  return {
    way(fixes) {
      const on = fixes.map(nearest).filter((id) => id >= 0);
      const way: number[] = on.slice(0, 1);
      for (let i = 1; i < on.length; i++) {
        if (on[i] === on[i - 1]) continue;
        const part = shortest(on[i - 1]!, on[i]!);
        if (part === null) return null;
        way.push(...part.slice(1));
      }
      return way.map((id) => nodes[id]!);
    },
  };
}
