import { type Metres, metresApart } from './metric-frame.ts';

export type RoadClass = 'motorway' | 'primary' | 'secondary' | 'residential';

export interface RoadEdge {
  readonly from: string;
  readonly to: string;
  readonly roadClass: RoadClass;
  readonly name: string;
  /** From `from` to `to`, both included. */
  readonly line: readonly Metres[];
  readonly lengthM: number;
}

/** What a bus makes of a kilometre of each class, so that routes prefer the larger roads. */
const COST: Record<RoadClass, number> = { motorway: 0.7, primary: 0.85, secondary: 1, residential: 1.15 };

/** Junctions and the roads between them. */
export class RoadNetwork {
  readonly nodes = new Map<string, Metres>();
  readonly edges: RoadEdge[] = [];
  private readonly edgesOf = new Map<string, RoadEdge[]>();

  addNode(id: string, at: Metres): void {
    this.nodes.set(id, at);
  }

  node(id: string): Metres {
    const at = this.nodes.get(id);
    if (!at) throw new Error(`no junction ${id}`);
    return at;
  }

  /** `between` are the points of the road other than its two junctions. */
  addRoad(
    from: string,
    to: string,
    roadClass: RoadClass,
    name: string,
    between: readonly Metres[] = [],
  ): void {
    const line = [this.node(from), ...between, this.node(to)];
    let lengthM = 0;
    for (let i = 1; i < line.length; i++) lengthM += metresApart(line[i - 1]!, line[i]!);
    const edge: RoadEdge = { from, to, roadClass, name, line, lengthM };
    this.edges.push(edge);
    for (const end of [from, to]) this.edgesOf.set(end, [...(this.edgesOf.get(end) ?? []), edge]);
  }

  /** The cheapest way through all the junctions named, in order, as one line. */
  way(junctions: readonly string[]): { line: Metres[]; edges: RoadEdge[] } {
    const line: Metres[] = [this.node(junctions[0]!)];
    const edges: RoadEdge[] = [];
    for (let i = 1; i < junctions.length; i++) {
      let at = junctions[i - 1]!;
      for (const edge of this.cheapest(at, junctions[i]!)) {
        const forward = edge.from === at;
        const points = forward ? edge.line : [...edge.line].reverse();
        line.push(...points.slice(1));
        edges.push(edge);
        at = forward ? edge.to : edge.from;
      }
    }
    return { line, edges };
  }

  /** Dijkstra over a few hundred junctions: a plain scan for the nearest is quick enough. */
  private cheapest(start: string, goal: string): RoadEdge[] {
    const cost = new Map([[start, 0]]);
    const cameBy = new Map<string, RoadEdge>();
    const open = new Set([start]);
    while (open.size > 0) {
      let at = '';
      for (const id of open) if (at === '' || cost.get(id)! < cost.get(at)!) at = id;
      open.delete(at);
      if (at === goal) break;
      for (const edge of this.edgesOf.get(at) ?? []) {
        const next = edge.from === at ? edge.to : edge.from;
        const reached = cost.get(at)! + edge.lengthM * COST[edge.roadClass];
        if (reached < (cost.get(next) ?? Number.POSITIVE_INFINITY)) {
          cost.set(next, reached);
          cameBy.set(next, edge);
          open.add(next);
        }
      }
    }
    const edges: RoadEdge[] = [];
    for (let at = goal; at !== start; ) {
      const edge = cameBy.get(at);
      if (!edge) throw new Error(`no way from ${start} to ${goal}`);
      edges.unshift(edge);
      at = edge.from === at ? edge.to : edge.from;
    }
    return edges;
  }
}
