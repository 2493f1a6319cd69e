/** Which boxes hold a place: a grid of cells over the degrees, so that a look-up costs the same however many there are. */
export interface CellIndex<T> {
  at(lat: number, lon: number): T;
}

/** Box of an item: west, south, east, north, degrees. */
export type ItemBox = readonly [number, number, number, number];

const CELL_DEG = 0.01;
/** An item over more cells than this is tested everywhere instead. */
const MOST_CELLS = 4_096;

/** Indexes items by one or more boxes each. */
export const cellIndex = <T>(
  items: Iterable<T>,
  boxesOf: (item: T) => Iterable<ItemBox>,
): CellIndex<readonly T[]> => packedCells(items, boxesOf, (ofCell) => ofCell);

/** The same, with what is looked up in a cell made of its items by `pack`. */
export function packedCells<T, C>(
  items: Iterable<T>,
  boxesOf: (item: T) => Iterable<ItemBox>,
  pack: (items: readonly T[]) => C,
): CellIndex<C> {
  const cells = new Map<number, T[]>();
  const everywhere: T[] = [];
  for (const item of items) {
    const keys = new Set<number>();
    for (const [west, south, east, north] of boxesOf(item)) {
      for (let row = cellOf(south); row <= cellOf(north) && keys.size <= MOST_CELLS; row++) {
        for (let column = cellOf(west); column <= cellOf(east) && keys.size <= MOST_CELLS; column++) {
          keys.add(keyOf(row, column));
        }
      }
    }
    if (keys.size > MOST_CELLS) everywhere.push(item);
    else {
      for (const key of keys) {
        const cell = cells.get(key);
        if (cell) cell.push(item);
        else cells.set(key, [item]);
      }
    }
  }
  if (everywhere.length > 0) for (const cell of cells.values()) cell.push(...everywhere);
  const packed = new Map([...cells].map(([key, ofCell]) => [key, pack(ofCell)] as const));
  const elsewhere = pack(everywhere);
  return { at: (lat, lon) => packed.get(keyOf(cellOf(lat), cellOf(lon))) ?? elsewhere };
}

const cellOf = (degrees: number): number => Math.floor(degrees / CELL_DEG);
/** A small integer for every cell there is: a map finds those at once. */
const keyOf = (row: number, column: number): number => (row + 10_000) * 40_000 + (column + 20_000);
