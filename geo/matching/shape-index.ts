import { keptFor } from '../plan/kept-for.ts';
import type { Plan } from '../plan/plan.ts';
import { type CellIndex, cellIndex } from './cell-index.ts';

/** Shapes of the plan by the cells that their segments pass, widened by `marginM`. */
export function shapeIndex(plan: Plan, marginM: number): CellIndex<readonly string[]> {
  const ofMargin = indexesOf(plan);
  let index = ofMargin.get(marginM);
  if (index === undefined) {
    index = indexShapes(plan, marginM);
    ofMargin.set(marginM, index);
  }
  return index;
}

const indexesOf = keptFor<Plan, Map<number, CellIndex<readonly string[]>>>(
  ({ shapes }) => [shapes],
  () => new Map(),
);

function indexShapes(plan: Plan, marginM: number): CellIndex<readonly string[]> {
  const marginDeg = marginM / 111_000;
  return cellIndex(plan.shapes.keys(), function* (id) {
    const points = plan.shapes.get(id)?.points ?? [];
    for (let i = 1; i < points.length; i++) {
      const [aLon, aLat] = points[i - 1]!;
      const [bLon, bLat] = points[i]!;
      const marginLon = marginDeg / Math.max(Math.cos((aLat * Math.PI) / 180), 0.1);
      yield [
        Math.min(aLon, bLon) - marginLon,
        Math.min(aLat, bLat) - marginDeg,
        Math.max(aLon, bLon) + marginLon,
        Math.max(aLat, bLat) + marginDeg,
      ];
    }
  });
}
