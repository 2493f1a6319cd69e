import { metresPerDegree } from '../path.ts';

/** Metres east and north of the middle of the district. */
export type Metres = readonly [x: number, y: number];

/** The made-up district lies in Changzhou's coordinates; nothing in it is real. */
const MIDDLE: readonly [number, number] = [119.97, 31.79];
const SCALE = metresPerDegree(MIDDLE[1]);

/** [lon, lat] with six decimals (0.1 m), as JT/T 808 carries them. */
export function lonLat([x, y]: Metres): [number, number] {
  return [round6(MIDDLE[0] + x / SCALE.x), round6(MIDDLE[1] + y / SCALE.y)];
}

function round6(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}

export function metresApart(a: Metres, b: Metres): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}

/** A closed ring around a point, wobbled so that it looks grown rather than drawn. */
export function blob(middle: Metres, rx: number, ry: number, random: () => number, corners = 24): Metres[] {
  const ring: Metres[] = [];
  for (let i = 0; i < corners; i++) {
    const angle = (2 * Math.PI * i) / corners;
    const wobble = 0.88 + 0.2 * random();
    ring.push([middle[0] + rx * wobble * Math.cos(angle), middle[1] + ry * wobble * Math.sin(angle)]);
  }
  ring.push(ring[0]!);
  return ring;
}
