import { degreeScale, metresToLine } from '../geometry/distance.ts';
import { pointInPolygon } from '../geometry/polygon.ts';
import { type ItemBox, packedCells } from '../matching/cell-index.ts';
import type { Fence } from '../plan/plan.ts';

/** A fence that is a line is this far to each side of it: a carriageway and a half. [D] */
export const LINE_FENCE_M = 25;
/** A danger section shorter than this gives no time for three fixes. RULES R01. */
const SHORT_SECTION_M = 150;

/** Which fences hold a place and are on at an instant. */
export type FencesAt = (lat: number, lon: number, time: number) => readonly Fence[];

const NONE: readonly Fence[] = [];

/** `clockS` gives the seconds after local midnight of an instant. */
export function fenceIndex(fences: readonly Fence[], clockS: (time: number) => number): FencesAt {
  const boxed = fences.map((fence): Boxed => ({ fence, box: boxOf(fence) }));
  const index = packedCells(boxed, ({ box }) => [box], packCell);
  // Several rules ask about the place of one report.
  let lastLat = Number.NaN;
  let lastLon = Number.NaN;
  let lastTime = Number.NaN;
  let last = NONE;
  return (lat, lon, time) => {
    if (lat === lastLat && lon === lastLon && time === lastTime) return last;
    last = fencesIn(index.at(lat, lon), lat, lon, time, clockS);
    lastLat = lat;
    lastLon = lon;
    lastTime = time;
    return last;
  };
}

interface Boxed {
  readonly fence: Fence;
  readonly box: ItemBox;
}

/** The fences of a cell; west, south, east and north of each lie in a row, so that looking through them is one stretch of memory. */
interface Cell {
  readonly fences: readonly Fence[];
  readonly boxes: Float64Array;
}

const packCell = (items: readonly Boxed[]): Cell => ({
  fences: items.map(({ fence }) => fence),
  boxes: Float64Array.from(items.flatMap(({ box }) => box)),
});

function fencesIn(
  { fences, boxes }: Cell,
  lat: number,
  lon: number,
  time: number,
  clockS: (time: number) => number,
): readonly Fence[] {
  let held: Fence[] | null = null;
  for (let i = 0, at = 0; i < fences.length; i++, at += 4) {
    // Nearly all of a cell's fences are told by their boxes not to hold the place.
    if (lon < boxes[at]! || lat < boxes[at + 1]! || lon > boxes[at + 2]! || lat > boxes[at + 3]!) continue;
    const fence = fences[i]!;
    if (!holds(fence, lat, lon) || !isOn(fence, time, clockS)) continue;
    if (held === null) held = [fence];
    else held.push(fence);
  }
  return held ?? NONE;
}

export function holds(fence: Fence, lat: number, lon: number): boolean {
  const { geometry } = fence;
  if (geometry.type === 'Polygon' || geometry.type === 'MultiPolygon')
    return pointInPolygon([lon, lat], geometry);
  const lines = geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates;
  return lines.some((line) => metresToLine(line, lat, lon) <= LINE_FENCE_M);
}

/** Is the danger section too short to be seen in three fixes? */
export function isShort(fence: Fence): boolean {
  const [west, south, east, north] = boxOf(fence);
  const { lonM, latM } = degreeScale(south);
  return Math.hypot((east - west) * lonM, (north - south) * latM) < SHORT_SECTION_M;
}

/** Is it in force at this hour of this weekday? */
export function isOn(fence: Fence, time: number, clockS: (time: number) => number): boolean {
  if (fence.windows.length === 0 && fence.weekdays === undefined) return true;
  const now = clockS(time);
  if (fence.weekdays !== undefined && !fence.weekdays.includes(isoWeekday(time, now))) return false;
  if (fence.windows.length === 0) return true;
  // A window that ends before it begins runs over midnight.
  return fence.windows.some(([from, to]) => (from <= to ? now >= from && now < to : now >= from || now < to));
}

/** 1 is Monday. `secondsOfDay` is what the local clock shows, which tells how far it is from UTC. */
function isoWeekday(time: number, secondsOfDay: number): number {
  const DAY_S = 86_400;
  const utcS = (((time / 1000) % DAY_S) + DAY_S) % DAY_S;
  const aheadS = ((((secondsOfDay - utcS + DAY_S / 2) % DAY_S) + DAY_S) % DAY_S) - DAY_S / 2;
  // 1970-01-01 was a Thursday.
  return ((((Math.floor((time / 1000 + aheadS) / DAY_S) + 3) % 7) + 7) % 7) + 1;
}

export function boxOf(fence: Fence): ItemBox {
  let west = 180;
  let south = 90;
  let east = -180;
  let north = -90;
  const visit = (value: unknown): void => {
    const [lon, lat] = value as readonly unknown[];
    if (typeof lon === 'number' && typeof lat === 'number') {
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    } else for (const inner of value as readonly unknown[]) visit(inner);
  };
  visit(fence.geometry.coordinates);
  if (fence.geometry.type.endsWith('Polygon')) return [west, south, east, north];
  const { lonM, latM } = degreeScale(south);
  return [
    west - LINE_FENCE_M / lonM,
    south - LINE_FENCE_M / latM,
    east + LINE_FENCE_M / lonM,
    north + LINE_FENCE_M / latM,
  ];
}
